"""Whole ways of training by name: settings of `mmfusion train` that belong together."""

RECIPES = {
    "house": {},
    "book": {
        "batch_size": 32,
        "rate": 1e-3,
        "weight_decay": 0.0,
        "patience": 10,
        "optimisation": {
            "optimizer": "sgd",
            "schedule": "fixed",
            "momentum": 0.0,
            "clip_norm": None,
        },
    },
}
