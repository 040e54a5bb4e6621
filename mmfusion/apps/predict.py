"""Predict: raw files to the probabilities of classes."""

import dataclasses
from pathlib import Path

from mmfusion.apps.scores.table import text_table
from mmfusion.media.errors import DecodeError
from mmfusion.serving.predictor import Predictor


@dataclasses.dataclass(frozen=True)
class Options:
    """Settings of `mmfusion predict`.

    Args:
        model: str. Path of an exported model, or of a run folder, which is exported into itself.
        paths: tuple of str. Video, sound and caption files.
        text: str. Words that go with every file.
        transcript: str. Path of a caption file that goes with every file.
    """

    model: str
    paths: tuple[str, ...]
    text: str | None = None
    transcript: str | None = None


def run(options):
    """Scores files one by one; what cannot be read is told and does not stop the rest.

    Args:
        options: Options.

    Returns:
        List of dict with `path`, and either `label` and `probabilities` or `kind` and `reason`.
    """
    predictor = Predictor(_exported(Path(options.model)))
    scored = predictor.files(options.paths, text=options.text, transcript=options.transcript)
    return [_row(str(path), scores) for path, scores in scored]


def _row(path, scores):
    if isinstance(scores, DecodeError):
        return {"path": path, "kind": scores.kind, "reason": scores.reason}
    return {"path": path, "label": next(iter(scores)), "probabilities": scores}


def _exported(path):
    """A run folder's own export, made the first time it is asked for."""
    if not (path / "config.json").is_file() or (path / "export").is_dir():
        return path
    from mmfusion.apps import export

    export.run(export.Options(str(path), str(path / "export")))
    return path


def table(rows):
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
