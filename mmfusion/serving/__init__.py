"""SavedModels that carry their own preprocessing, and the Predictor that calls them."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    export=["export"],
    predictor=["Predictor"],
)
