"""Predict: raw files to the probabilities of classes."""

from pathlib import Path
from typing import Any

from mmfusion.experiments.table import text_table
from mmfusion.media.errors import DecodeError
from mmfusion.options.verbs import ExportOptions, PredictOptions
from mmfusion.serving.predictor import Predictor


def run(options: PredictOptions) -> list[dict[str, Any]]:
    """Scores files one by one; what cannot be read is reported and does not stop the rest.

    Args:
        options: PredictOptions.

    Returns:
        List of dict with `path`, and either `label` and `probabilities` or `kind` and `reason`.
    """
    predictor = Predictor(_exported(Path(options.model)), trust=options.trust)
    scored = predictor.files(options.paths, text=options.text, transcript=options.transcript)
    return [_row(str(path), scores) for path, scores in scored]


def _row(path, scores):
    if isinstance(scores, DecodeError):
        return {"path": path, "kind": scores.kind, "reason": scores.reason}
    return {"path": path, "label": next(iter(scores)), "probabilities": scores}


def _exported(path):
    """A run folder's own export, made the first time it is needed."""
    if not (path / "config.json").is_file() or (path / "export").is_dir():
        return path
    from mmfusion.apps import export  # brings the models' code, which an export needs no more

    export.run(ExportOptions(run=str(path), out=str(path / "export")))
    return path


def table(rows: list[dict[str, Any]]) -> str:
    """One line for each file, as text."""
    return text_table(
        ["file", "label", "probability"],
        [
            [row["path"], row["label"], row["probabilities"][row["label"]]]
            if "label" in row
            else [row["path"], f"{row['kind']}: {row['reason']}", None]
            for row in rows
        ],
    )
