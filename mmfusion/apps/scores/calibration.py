"""What a trained run learns from its validation clips: weights, a temperature and a threshold."""

import dataclasses

import keras
import numpy as np

from mmfusion.apps.scores.weighing import weigh_modalities
from mmfusion.evaluation.calibration import calibration, temperature
from mmfusion.evaluation.predictions import predictions
from mmfusion.evaluation.threshold import called, threshold
from mmfusion.files import read_json, write_json
from mmfusion.layers.temperature import Temperature

FILE = "calibration.json"


def calibrate(run, data, *, positive=None, recall=None):
    """Fits what validation clips tell, and writes `calibration.json`.

    First how much each modality counts, then the temperature, then the threshold.

    Args:
        run: Run.
        data: tf.data.Dataset of the validation clips.
        positive: str. The class to choose a threshold for.
        recall: float. The wanted recall of that class; no threshold is chosen if not given.

    Returns:
        Run, whose model gives calibrated probabilities.

    Raises:
        ValueError: if `positive` is not a class, or no validation clip is of it.
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
    if recall is not None:
        at = class_number(run.classes, positive)
        chosen = threshold(labels == at, softened[:, at], recall=recall)
        told = called(labels == at, softened[:, at], at=chosen)
        found["threshold"] = {"class": positive, "wanted_recall": recall, "value": chosen, **told}
    write_json(run.folder / FILE, found)
    return calibrated(run)


def calibrated(run):
    """The run with the temperature of its `calibration.json`, if it has one."""
    path = run.folder / FILE
    if not path.is_file():
        return run
    layer = Temperature(read_json(path)["temperature"], dtype="float32", name="temperature")
    model = keras.Model(run.model.input, layer(run.model.output), name=run.model.name)
    return dataclasses.replace(run, model=model)


def class_number(classes, positive):
    """The number of the class that a threshold or a figure speaks of.

    Raises:
        ValueError: if there is no such class.
    """
    if positive not in classes:
        raise ValueError(f"`positive` must be one of {list(classes)}. Received: {positive!r}")
    return list(classes).index(positive)
