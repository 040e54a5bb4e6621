"""Pure tensor functions."""

from mmfusion.rooms import open_room

__all__ = open_room(__name__, rooms=["frames", "masks", "positions", "shapes", "sound"])
