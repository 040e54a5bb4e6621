"""Evaluate on arrays: a run on the rows of another file."""

import dataclasses
from pathlib import Path

from mmfusion.apps.arrays.corpus import read_corpus
from mmfusion.apps.arrays.score import score, table  # noqa: F401  the table is this job's too
from mmfusion.apps.runs.parts import part_to_score
from mmfusion.apps.runs.run import read_run


@dataclasses.dataclass(frozen=True)
class Options:
    """Settings of `mmfusion evaluate` for arrays.

    Args:
        model: str. Path of a run folder.
        manifest: str. Path of a file with the keys that the run was trained on.
        label: str. Key of the classes; the one trained on if not given.
        positive: str. The class that precision, recall, F1 and AUC speak of.
        part: str. `train`, `val`, `test` or `all` rows. If not given, `test` for the file that the
            run was trained on, and `all` for any other.
        out: str. Path of a folder for `metrics.json`, plots and `report.html`.
    """

    model: str
    manifest: str
    label: str | None = None
    positive: str | None = None
    part: str | None = None
    out: str | None = None


def run(options):
    """Scores the model and its ablation, and each seed where there are several.

    Args:
        options: Options.

    Returns:
        dict, as `mmfusion evaluate --json` prints it.

    Raises:
        FileNotFoundError: if there is no run or no file.
        ValueError: if the arrays are not like those trained on, or no row is left.
    """
    trained = read_run(options.model)
    config = trained.config
    if config["spec"]:
        raise ValueError(f"{options.model} was trained on clips. Received: {options.manifest}")
    rows = read_corpus(options.manifest, {**config, "label": options.label or config["label"]})
    part = part_to_score(options.part, options.manifest, config)
    if part != "all":
        ids = set(config["parts"][part])
        rows = rows.select([row for row in rows.clips if row.id in ids])
    if not len(rows):
        raise ValueError(f"{options.manifest}: no row in the part {part!r} to evaluate on")
    if options.out:
        Path(options.out).mkdir(parents=True, exist_ok=True)
    metrics = score(trained, rows, positive=options.positive, out=options.out)
    return {**metrics, "part": part}
