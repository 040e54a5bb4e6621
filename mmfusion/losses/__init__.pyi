from . import adversarial as adversarial
from .class_weights import class_weights as class_weights
from .contrastive import Contrastive as Contrastive
from .contrastive import InfoNCE as InfoNCE
from .cross_entropy import CrossEntropy as CrossEntropy
from .focal import Focal as Focal
