"""What a trained run learns from its validation part: weights, a temperature and a threshold."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import keras
import numpy as np
import tensorflow as tf

from mmfusion.evaluation.calibration import calibration, temperature
from mmfusion.evaluation.predictions import predictions
from mmfusion.evaluation.threshold import called, threshold
from mmfusion.experiments.modality_weights import weigh_modalities
from mmfusion.files import read_json, write_json
from mmfusion.layers.temperature import Temperature
from mmfusion.options.scoring import Scoring

if TYPE_CHECKING:
    from mmfusion.experiments.run import Run

FILE = "calibration.json"


def calibrate(run: Run, data: tf.data.Dataset, scoring: Scoring) -> Run:
    """Fits what validation rows tell, and writes `calibration.json`.

    First how much each modality counts, then the temperature, then the threshold.

    Args:
        run: Run.
        data: tf.data.Dataset of the validation rows.
        scoring: Scoring. A threshold is chosen where it names a recall.

    Returns:
        Run, whose model predicts calibrated probabilities.

    Raises:
        ValueError: if the positive class is not one of the run's.
    """
    weights = weigh_modalities(run, data)
    outputs, labels = predictions(run.model, data, {"": lambda inputs: inputs})
    value = temperature(labels, outputs[""])
    softened = np.asarray(Temperature(value)(outputs[""]), "float64")  # (N, K)
    found = {
        "n": len(labels),
        "weights": weights,
        "temperature": value,
        "ece": {
            "before": calibration(labels, outputs[""])["ece"],
            "after": calibration(labels, softened)["ece"],
        },
        "threshold": None,
    }
    if scoring.recall is not None:
        positive = labels == (at := class_number(run.classes, scoring.positive))
        chosen = threshold(positive, softened[:, at], recall=scoring.recall)
        found["threshold"] = {
            "class": scoring.positive,
            "wanted_recall": scoring.recall,
            "value": chosen,
            **called(positive, softened[:, at], at=chosen),
        }
    write_json(run.folder / FILE, found)
    return dataclasses.replace(run, model=calibrated_model(run.model, run.folder))


def calibrated_model(model: keras.Model, folder: Path) -> keras.Model:
    """A model with the temperature of the `calibration.json` in its run folder, if there is one."""
    if not (folder / FILE).is_file():
        return model
    layer = Temperature(read_json(folder / FILE)["temperature"], dtype="float32", name="temperature")
    return keras.Model(model.input, layer(model.output), name=model.name)


def class_number(classes: Sequence[str], positive: str | None) -> int:
    """The number of the class that a threshold or a figure speaks of.

    Raises:
        ValueError: if there is no such class.
    """
    if positive not in classes:
        raise ValueError(f"`positive` must be one of {list(classes)}. Received: {positive!r}")
    return list(classes).index(positive)
