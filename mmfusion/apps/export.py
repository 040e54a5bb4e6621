"""Export: a finished run to a SavedModel that carries its own preprocessing."""

from typing import Any

from mmfusion.experiments.calibration import FILE
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
    for name, kept in (("calibration", None), ("metrics", FIGURES)):
        path = trained.folder / (FILE if kept is None else "metrics.json")
        if path.is_file():
            content = read_json(path)
            card[name] = content if kept is None else {each: content[each] for each in kept}
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
