"""The reference functions of the book by their own names, each a thin wrapper of the library."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
