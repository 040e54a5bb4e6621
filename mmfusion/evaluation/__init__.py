"""What a model scores, what each modality earns, and whether the score leaks."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submodules=["plots"],
    submod_attrs={
        "ablation": ["ablation"],
        "calibration": ["calibration"],
        "leak": ["leak"],
        "page": ["page"],
        "report": ["Report", "report"],
    },
)
