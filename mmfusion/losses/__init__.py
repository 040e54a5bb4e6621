"""What training makes small: losses of classes, of pairs, and of two networks at odds."""

# Not lazy: a saved model finds only the classes that are already registered.
from mmfusion.losses import adversarial
from mmfusion.losses.class_weights import class_weights
from mmfusion.losses.contrastive import Contrastive, InfoNCE
from mmfusion.losses.cross_entropy import CrossEntropy
from mmfusion.losses.focal import Focal

__all__ = [
    "Contrastive",
    "CrossEntropy",
    "Focal",
    "InfoNCE",
    "adversarial",
    "class_weights",
]
