"""A run folder opened again, or an exported model, as something that can be scored."""

import dataclasses
import zipfile
from pathlib import Path

import keras

import mmfusion.data.array_preprocessor
import mmfusion.data.preprocessor
import mmfusion.models.classifier  # noqa: F401  all three register layers
from mmfusion.apps.scores.calibration import calibrated
from mmfusion.files import read_json
from mmfusion.specs import ClipSpec


@dataclasses.dataclass(frozen=True)
class Run:
    """A trained model with what belongs to it.

    Args:
        folder: Path of the run folder.
        config: dict, what `config.json` holds.
        preprocessor: keras.Model.
        model: keras.Model. Gives calibrated probabilities.
    """

    folder: Path
    config: dict
    preprocessor: keras.Model
    model: keras.Model

    @property
    def spec(self):
        """ClipSpec the model was trained with, `None` for one of arrays."""
        return ClipSpec.from_dict(self.config["spec"]) if self.config["spec"] else None

    @property
    def classes(self):
        """Class names in the order of the model's outputs."""
        return self.config["classes"]


def read_run(folder):
    """Opens a run folder that `mmfusion train` filled.

    Args:
        folder: Path.

    Returns:
        Run.

    Raises:
        FileNotFoundError: if a file of the run is missing.
        ValueError: if one is torn or of another kind.
    """
    folder = Path(folder)
    for name in ("config.json", "preprocessor.keras", "best.keras"):
        if not (folder / name).is_file():
            raise FileNotFoundError(f"Not a finished run: {name} is missing. Received: {folder}")
    config = read_json(folder / "config.json")
    loaded = [read_model(folder / name) for name in ("preprocessor.keras", "best.keras")]
    return calibrated(Run(folder, config, *loaded))


def read_model(path):
    """Reads a Keras file, of which nothing is executed but layers that are known."""
    if not zipfile.is_zipfile(path):
        raise ValueError(f"{path}: not a Keras file, or cut short")
    return keras.saving.load_model(path, compile=False, safe_mode=True)
