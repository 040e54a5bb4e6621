"""What a model scores, the gain of each modality, and whether the score is a shortcut."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
