"""Recipes: settings of a training that belong together, by name."""

RECIPES = {
    "default": {},
    "book": {
        "batch_size": 32,
        "learning_rate": 1e-3,
        "weight_decay": 0.0,
        "patience": 10,
        "optimisation": {
            "optimizer": "sgd",
            "schedule": "fixed",
            "momentum": 0.0,
            "clip_norm": None,
        },
    },
    "voice": {  # of emotions; two or three speakers validate: their best loss is luck
        "modalities": ["audio"],
        "branches": {"audio": "mel_cnn"},
        "epochs": 36,
        "patience": 36,
        "optimisation": {"average_epochs": 6},
    },
    "lips": {  # of sentences of some seconds; a mouth that is moved about is not learned
        "modalities": ["audio", "video"],
        "cleaning": ["video.mouth"],
        "steps": 36,
        "size_px": 24,
        "epochs": 120,
        "patience": 120,
        "optimisation": {"average_epochs": 20},
        "augmentation": {
            "crop": 0.0,
            "flip": 0.0,
            "rotation_deg": 0.0,
            "colour": 0.0,
            "noise_db": -12.0,
            "modality_dropout": 0.8,
        },
    },
}
