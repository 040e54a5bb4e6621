"""Layers that take audio as input."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    log_mel=["LogMel"],
    mfcc=["MFCC"],
)
