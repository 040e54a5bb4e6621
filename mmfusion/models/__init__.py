"""Functions that return a plain keras.Model."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    assemble=["assemble"],
    classifier=["classifier"],
    contextual=["contextual"],
    mean=["mean_of"],
    recording=["recording"],
)
