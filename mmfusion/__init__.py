"""mmfusion: raw clips with sound and words in, predictions out. The front door; rooms load on use."""

import lazy_loader

__version__ = "0.1.0"

__getattr__, __dir__, _ = lazy_loader.attach(
    __name__,
    submodules=[
        "apps",
        "branches",
        "data",
        "evaluation",
        "fusion",
        "layers",
        "media",
        "models",
        "ops",
        "serving",
        "training",
    ],
    submod_attrs={"specs": ["Clip", "ClipSpec"]},
)
