"""Tune: search the settings of a training, and train with the best ones."""

import csv
import dataclasses
from pathlib import Path
from typing import Any

from mmfusion.apps import train
from mmfusion.evaluation.leaderboard import leaderboard, leaderboard_page, leaderboard_plot
from mmfusion.evaluation.plots import save_png
from mmfusion.experiments.calibration import FILE as CALIBRATION
from mmfusion.experiments.fit import fit
from mmfusion.experiments.open_corpus import open_both
from mmfusion.experiments.splits import parts_of
from mmfusion.experiments.table import text_table
from mmfusion.files import locked, read_json, replacing, write_json
from mmfusion.options.checks import check_options
from mmfusion.options.reading import build, placed
from mmfusion.options.schema import settings
from mmfusion.options.verbs import TrainOptions, TuneOptions
from mmfusion.training.search_space import first_choice, search_space
from mmfusion.training.tuning import oracle, tune

SPACE = {
    "fusion": ["decision", "gated", "concat", "cross_attention", "low_rank"],
    "units": [32, 64, 128],
    "dropout": {"low": 0.0, "high": 0.6},
    "learning_rate": {"low": 3e-4, "high": 1e-2, "log": True},
    "weight_decay": {"low": 1e-4, "high": 1e-1, "log": True},
    "batch_size": [8, 16, 32],
    "optimizer": ["adamw", "lion", "sgd"],
    "label_smoothing": [0.0, 0.1],
    "augment_crop": {"low": 0.0, "high": 0.3},
    "augment_modality_dropout": {"low": 0.0, "high": 0.5},
}
SHOWN = 10


def run(options: TuneOptions) -> dict[str, Any]:
    """Searches by the log loss on validation rows, never reading the test part; retrains the best.

    Every trial is ranked by that of its calibrated probabilities, whatever loss it trains with.

    Args:
        options: TuneOptions.

    Returns:
        dict of the `leaderboard`, the `best` values, what `mmfusion train` reports of the run
        `best` in `metrics`, and `quarantined`.

    Raises:
        FileNotFoundError: if a file is missing.
        ValueError: if the space names an unknown field, or an option does not fit.
        RuntimeError: if no trial came to its end.
    """
    fields = read_json(options.space) if options.space else SPACE
    search_space(fields)  # raises where one cannot be understood
    check_options(_with_values(_plain(options), first_choice(fields)))
    corpus, val = open_both(options)
    fields = fields if options.space else default_space(corpus.modalities)
    chosen = oracle(
        options.search,
        search_space(fields),
        trials=options.trials,
        epochs=options.optimisation.epochs,
        seed=options.seed,
    )
    if not parts_of(corpus, val=val, seed=options.seed)["val"]:
        raise ValueError(f"{corpus.path}: a search needs rows to validate on. Received: none")
    out = Path(options.out)
    with locked(out):
        corpus.decode(), val and val.decode()  # once, for all trials to find in the cache
        write_json(out / "tune.json", _plain(options))
        found = tune(chosen, out, trial, parallel=options.parallel)
        rows = leaderboard(found)
        _write(out, found, rows)
        if not rows or rows[0]["rank"] is None:
            raise RuntimeError(f"No trial came to its end: see {out}/trials/*/log.txt")
        best = next(row["values"] for row in found if row["trial"] == rows[0]["trial"])
        metrics = train.run(_with_values(_plain(options), best, out=str(out / "best")))
    return {
        "leaderboard": rows,
        "best": best,
        "metrics": metrics,
        "quarantined": metrics["quarantined"],
    }


def trial(values: dict[str, Any], place: str) -> float:
    """Trains one trial in a process of its own.

    Args:
        values: dict of field to value.
        place: str. Path of the trial's folder; the one of the search is two above.

    Returns:
        float. The log loss of its calibrated probabilities on the validation rows.
    """
    plain = read_json(Path(place).parents[1] / "tune.json")
    own = {name: value for name, value in values.items() if not name.startswith("tuner/")}
    if "tuner/epochs" in values:
        own["epochs"] = values["tuner/epochs"]
    options = _with_values(plain, own, out=place)
    corpus, val = open_both(options)
    parts = parts_of(corpus, val=val, seed=options.seed)
    run = fit(corpus.decode(), parts, how=options, out=place, validation=val and val.decode())
    return read_json(run.folder / CALIBRATION)["log_loss"]


def default_space(modalities: tuple[str, ...]) -> dict[str, Any]:
    """`SPACE`, without what is of no use to a corpus of these modalities."""
    useless = set()
    if len(modalities) == 1:
        useless |= {"fusion", "augment_modality_dropout"}
    if "video" not in modalities:
        useless.add("augment_crop")
    return {name: field for name, field in SPACE.items() if name not in useless}


def _plain(options: TuneOptions) -> dict[str, Any]:
    """The fields of `mmfusion train` as JSON holds them."""
    own = {field.name for field in dataclasses.fields(TrainOptions)}
    return {name: value for name, value in dataclasses.asdict(options).items() if name in own}


def _with_values(plain: dict[str, Any], values: dict[str, Any], **fields: Any) -> TrainOptions:
    """The options of a training with some values over them."""
    known = settings(TrainOptions)
    return build(TrainOptions, placed(known, plain) | placed(known, values | fields))


def _write(out, found, rows):
    columns = list(dict.fromkeys(name for row in rows for name in row))
    path = out / "leaderboard.csv"
    with replacing(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    save_png(leaderboard_plot(found), out / "leaderboard.png")
    with replacing(out / "leaderboard.html") as temporary:
        text = leaderboard_page(found, title=f"Search {out.resolve().name}")
        temporary.write_text(text, encoding="utf-8")


def table(result: dict[str, Any]) -> str:
    """The best trials as text."""
    rows = result["leaderboard"][:SHOWN]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    cells = [[_cell(row.get(name)) for name in columns] for row in rows]
    return text_table(columns, cells)


def _cell(value):
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
