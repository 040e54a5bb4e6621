"""mmfusion: raw clips with sound and words in, predictions out."""

from mmfusion.rooms import open_room
from mmfusion.specs import Clip, ClipSpec

__version__ = "0.1.0"

__all__ = [
    "Clip",
    "ClipSpec",
    *open_room(
        __name__,
        rooms=[
            "apps",
            "branches",
            "data",
            "evaluation",
            "features",
            "fusion",
            "layers",
            "media",
            "models",
            "ops",
            "serving",
            "training",
        ],
    ),
]
