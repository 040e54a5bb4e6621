"""mmfusion: raw clips with audio and words in, predictions out."""

import lazy_loader

from mmfusion.saved_classes import register_with_keras

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)

register_with_keras()
