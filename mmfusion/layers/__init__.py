"""Keras layers that are neither a branch nor a fusion, in folders by what they read."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
