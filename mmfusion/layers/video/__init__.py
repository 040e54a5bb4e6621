"""Layers that take frames as input."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    divided_block=["DividedBlock"],
    frame_cnn=["frame_cnn"],
    frame_scaling=["FrameScaling"],
    motion_statistics=["MotionStatistics"],
)
