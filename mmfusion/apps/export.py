"""Export: a finished run to a SavedModel that carries its own preprocessing."""

from typing import Any

from mmfusion.experiments.calibration import read_calibration
from mmfusion.experiments.run import read_run
from mmfusion.files import read_json
from mmfusion.options.verbs import ExportOptions
from mmfusion.pretrained.table import WEIGHTS
from mmfusion.serving.export import export

FIGURES = (
    "n",
    "accuracy",
    "precision",
    "recall",
    "f1",
    "macro_f1",
    "auc",
    "ablation",
    "leak",
)


def run(options: ExportOptions) -> dict[str, str]:
    """Writes `<out>/<next version>/` with its `card.json`.

    Args:
        options: ExportOptions.

    Returns:
        dict with `export`, the path of the version.

    Raises:
        FileNotFoundError: if there is no finished run.
        ValueError: if it is torn.
    """
    trained = read_run(options.run)
    rows = {name: len(ids) for name, ids in trained.config["parts"].items()}
    card = {"training": {"rows": rows, "corpus": trained.config["corpus"]}}
    if towers := trained.config["training"]["network"].get("towers"):
        card["towers"] = {modality: _origin(name) for modality, name in towers.items()}
    if calibration := read_calibration(trained.folder):
        card["calibration"] = calibration
    if (path := trained.folder / "metrics.json").is_file():
        metrics = read_json(path)
        if not isinstance(metrics, dict) or not {*FIGURES} <= metrics.keys():
            raise ValueError(f"{path}: fields are missing. Expected: {list(FIGURES)}")
        card["metrics"] = {name: metrics[name] for name in FIGURES}
    version = export(
        options.out,
        trained.preprocessor,
        trained.model,
        classes=trained.classes,
        spec=trained.spec,
        card=card,
    )
    return {"export": str(version)}


def _origin(name: str) -> dict[str, str]:
    """Where a pretrained network comes from, and under which licence."""
    if name not in WEIGHTS:
        return {"name": name, "origin": "keras.applications, ImageNet", "licence": "Apache-2.0"}
    weights = WEIGHTS[name]
    package = f"{weights.package}=={weights.version}"
    return {
        "name": name,
        "origin": weights.origin,
        "licence": weights.licence,
        "package": package,
    }


def table(result: dict[str, Any]) -> str:
    """The path of the version."""
    return result["export"]
