"""Export: a finished run to a SavedModel that carries its own preprocessing."""

from typing import Any

from mmfusion.experiments.calibration import read_calibration
from mmfusion.experiments.run import read_run
from mmfusion.files import read_json
from mmfusion.options.verbs import ExportOptions
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


def table(result: dict[str, Any]) -> str:
    """The path of the version."""
    return result["export"]
