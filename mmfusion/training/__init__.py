"""Callbacks and what else fit needs."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach(
    __name__,
    submod_attrs={
        "backup": ["Backup"],
        "best_model": ["BestModel"],
        "callbacks": ["callbacks"],
        "history": ["History", "read_history"],
        "nan_guard": ["NaNGuard"],
        "optimizers": ["optimizer"],
        "progress": ["Progress"],
        "run_folder": ["environment", "run_folder"],
    },
)
