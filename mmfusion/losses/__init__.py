"""What training makes small: losses of classes, of pairs, and of two networks at odds."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
