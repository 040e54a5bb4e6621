"""Chapter 2's classic features: what frames, sound and words look like, in numbers."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
