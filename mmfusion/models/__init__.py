"""Functions that return a plain keras.Model."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    assemble=["assemble"],
    classifier=["classifier"],
    contextual=["contextual"],
    fine_tuning=["unfreeze_text_encoder"],
    hybrid=["early", "hybrid", "late"],
    mean=["mean_of"],
    multitask=["multitask"],
    recording=["recording"],
    shared_encoder=["shared_encoder"],
    uncertainty_weighting=["UncertaintyWeighting"],
    video_transformer=["video_transformer"],
)
