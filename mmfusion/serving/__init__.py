"""SavedModels that carry their own preprocessing, and the Predictor that calls them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
