"""What a trained run learns from its validation part: weights, a temperature and a threshold."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import keras
import numpy as np
import pydantic
import tensorflow as tf
from sklearn.metrics import log_loss

from mmfusion.evaluation.calibration import calibration, temperature
from mmfusion.evaluation.predictions import predictions
from mmfusion.evaluation.threshold import called, threshold
from mmfusion.experiments.modality_weights import weigh_modalities
from mmfusion.files import read_json, write_json
from mmfusion.json_file import Schema, check_fields
from mmfusion.layers.temperature import Temperature
from mmfusion.options.scoring import Scoring
from mmfusion.training.best_model import save_model

FILE = "calibration.json"


class Error(Schema):
    """Expected calibration error, a share."""

    before: float
    after: float


class Threshold(Schema):
    """From what probability on a class is called."""

    name: str = pydantic.Field(alias="class")
    wanted_recall: float
    value: float
    precision: float | None
    recall: float | None
    called: float | None


class Calibration(Schema):
    """The fields of `calibration.json`."""

    n: Annotated[int, pydantic.Field(ge=0)]
    weights: dict[str, float] | None
    temperature: Annotated[float, pydantic.Field(gt=0)]
    log_loss: float | None = None
    ece: Error
    threshold: Threshold | None


def calibrate(
    model: keras.Model,
    data: tf.data.Dataset,
    *,
    folder: Path,
    classes: Sequence[str],
    scoring: Scoring,
) -> keras.Model:
    """Fits what validation rows tell, and writes `calibration.json`.

    First how much each modality counts, then the temperature, then the threshold.

    Args:
        model: keras.Model to probabilities `(B, K)`; the weights of its modalities are set in it,
            and in `best.keras`.
        data: tf.data.Dataset of the validation rows.
        folder: Path of the run folder.
        classes: sequence of K str.
        scoring: Scoring. A threshold is chosen where it names a recall.

    Returns:
        keras.Model to calibrated probabilities.

    Raises:
        ValueError: if the positive class is not one of `classes`.
    """
    weights = weigh_modalities(model, data)
    if weights is not None:
        save_model(model, folder / "best.keras")
    outputs, labels = predictions(model, data, {"": lambda inputs: inputs})
    value = temperature(labels, outputs[""])
    softened = np.asarray(Temperature(value)(outputs[""]), "float64")  # (N, K)
    found = {
        "n": len(labels),
        "weights": weights,
        "temperature": value,
        "log_loss": log_loss(labels, np.float32(softened), labels=range(len(classes))),
        "ece": {
            "before": calibration(labels, outputs[""])["ece"],
            "after": calibration(labels, softened)["ece"],
        },
        "threshold": None,
    }
    if scoring.recall is not None:
        positive = labels == (at := class_number(classes, scoring.positive))
        chosen = threshold(positive, softened[:, at], recall=scoring.recall)
        found["threshold"] = {
            "class": scoring.positive,
            "wanted_recall": scoring.recall,
            "value": chosen,
            **called(positive, softened[:, at], at=chosen),
        }
    write_json(folder / FILE, found)
    return calibrated_model(model, folder)


def calibrated_model(model: keras.Model, folder: Path) -> keras.Model:
    """A model with the temperature of the `calibration.json` in its run folder, if there is one."""
    found = read_calibration(folder)
    if found is None:
        return model
    layer = Temperature(found["temperature"], dtype="float32", name="temperature")
    return keras.Model(model.input, layer(model.output), name=model.name)


def read_calibration(folder: Path) -> dict[str, Any] | None:
    """Reads the `calibration.json` of a run folder.

    Args:
        folder: Path.

    Returns:
        dict of the fields of `Calibration`, or `None` if the run has none.

    Raises:
        ValueError: one line with the file and the fields that do not fit.
    """
    if not (folder / FILE).is_file():
        return None
    found = read_json(folder / FILE)
    check_fields(found, Calibration, folder / FILE)
    return found


def class_number(classes: Sequence[str], positive: str | None) -> int:
    """The number of the class that a threshold or a figure speaks of.

    Raises:
        ValueError: if there is no such class.
    """
    if positive is None or positive not in classes:
        raise ValueError(f"`positive` must be one of {list(classes)}. Received: {positive!r}")
    return list(classes).index(positive)
