"""Functions that return a plain keras.Model."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    assemble=["assemble"],
    classifier=["classifier"],
    contextual=["contextual"],
    hybrid=["early", "hybrid", "late"],
    mean=["mean_of"],
    multitask=["multitask"],
    reading_sentences=["reading_sentences"],
    recording=["recording"],
    shared_encoder=["shared_encoder"],
    uncertainty_weighting=["UncertaintyWeighting"],
    video_transformer=["video_transformer"],
)
