"""A run folder, or an exported model, opened again as something that can be scored."""

import dataclasses
import zipfile
from pathlib import Path
from typing import Any

import keras

from mmfusion.experiments.calibration import calibrated_model
from mmfusion.experiments.run_config import read_config
from mmfusion.serving.predictor import Predictor
from mmfusion.specs import ClipSpec

MEASURED = "measured"  # the run that was measured, in the folder of one trained on all rows
FILES = ("config.json", "preprocessor.keras", "best.keras")


@dataclasses.dataclass(frozen=True)
class Run:
    """A trained model with what belongs to it.

    Args:
        folder: Path of the run folder.
        config: dict, what `config.json` holds.
        preprocessor: keras.Model; of an exported model, which holds its own, the identity.
        model: keras.Model to calibrated probabilities.
    """

    folder: Path
    config: dict[str, Any]
    preprocessor: keras.Model
    model: keras.Model

    @property
    def spec(self) -> ClipSpec | None:
        """ClipSpec the model was trained with, `None` for one of arrays."""
        spec = self.config["corpus"]["spec"]
        return ClipSpec.from_dict(spec) if spec else None

    @property
    def classes(self) -> list[str]:
        """Class names in the order of the model's outputs."""
        return self.config["classes"]


def read_run(folder: str | Path) -> Run:
    """Opens a run folder that `mmfusion train` filled.

    Args:
        folder: Path.

    Returns:
        Run.

    Raises:
        FileNotFoundError: if a file of the run is missing.
        ValueError: if one is torn, of another kind or does not fit the others; one line.
    """
    folder = Path(folder)
    for name in FILES:
        if not (folder / name).is_file():
            raise FileNotFoundError(f"Not a finished run: {name} is missing. Received: {folder}")
    config = read_config(folder)
    prep, model = (read_model(folder / name) for name in FILES[1:])
    if model.output_shape[-1] != len(config["classes"]):
        raise ValueError(
            f"{folder / FILES[0]}: `classes` must be the {model.output_shape[-1]} of {FILES[2]}. "
            f"Received: {config['classes']}"
        )
    return Run(folder, config, prep, calibrated_model(model, folder))


def read_export(path: str | Path, *, trust: bool = False) -> Run:
    """Opens an exported model as a run, whose model takes aligned batches.

    Args:
        path: Path of a version, or of a folder of versions.
        trust: bool. Whether its graph may write files or run Python.

    Returns:
        Run; it does not know which rows it was trained on.

    Raises:
        FileNotFoundError: if there is no exported model.
        ValueError: if it is torn or of another kind.
    """
    predictor = Predictor(path, trust=trust)
    inputs = {
        name: keras.Input(tensor["shape"][1:], dtype=tensor["dtype"], name=name)
        for name, tensor in predictor.card["inputs"].items()
    }
    layer = keras.layers.TFSMLayer(str(predictor.path), call_endpoint="serve")
    corpus = predictor.card.get("training", {}).get("corpus", {})
    config = {
        "corpus": {**corpus, "spec": predictor.card["spec"]},
        "classes": list(predictor.classes),
        "training": {"seeds": 1},
    }
    model = keras.Model(inputs, layer(inputs)["probabilities"])
    return Run(predictor.path, config, keras.Model(inputs, dict(inputs)), model)


def read_model(path: str | Path) -> keras.Model:
    """Reads a Keras file, of which nothing is executed but layers that are known.

    Raises:
        ValueError: one line with the file, if it is none, is torn, or Keras refuses it.
    """
    if not zipfile.is_zipfile(path):
        raise ValueError(f"{path}: not a Keras file, or cut short")
    try:
        return keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:  # whatever a foreign file makes Keras raise
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise ValueError(f"{path}: Keras cannot load it. Received: {reason}") from error
