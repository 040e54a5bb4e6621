"""Pretrained: weights that registries bring, how they are fetched, and their readers."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
