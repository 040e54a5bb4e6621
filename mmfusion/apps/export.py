"""Export: a finished run to a SavedModel that carries its own preprocessing."""

import dataclasses

from mmfusion.apps.runs.run import read_run
from mmfusion.apps.scores.calibration import FILE
from mmfusion.files import read_json
from mmfusion.serving.export import export


@dataclasses.dataclass(frozen=True)
class Options:
    """Settings of `mmfusion export`.

    Args:
        run: str. Path of the run folder.
        out: str. Path of the folder of versions, as `saved_models/fights`.
    """

    run: str
    out: str


def run(options):
    """Writes `<out>/<next version>/` with its `card.json`.

    Args:
        options: Options.

    Returns:
        Path of the version.
    """
    trained = read_run(options.run)
    parts = {name: len(ids) for name, ids in trained.config["parts"].items()}
    card = {"training": {"clips": parts, "label": trained.config["label"]}}
    if (trained.folder / FILE).is_file():
        card["calibration"] = read_json(trained.folder / FILE)
    metrics = trained.folder / "metrics.json"
    if metrics.is_file():
        told = read_json(metrics)
        card["metrics"] = {
            name: told[name]
            for name in (
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
        }
    return export(
        options.out,
        trained.preprocessor,
        trained.model,
        classes=trained.classes,
        spec=trained.spec,
        card=card,
    )
