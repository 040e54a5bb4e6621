"""The only package that touches codecs: probe, decode, captions, write, each within limits."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
