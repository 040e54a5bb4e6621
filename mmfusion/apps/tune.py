"""Tune: search the settings of a training, and train with the best ones."""

import csv
import dataclasses
from pathlib import Path

from mmfusion.apps import train
from mmfusion.apps.options import from_fields, merged
from mmfusion.apps.runs.parts import parts_of
from mmfusion.apps.scores.table import text_table
from mmfusion.data.cache import prepared
from mmfusion.data.manifest import read_manifest
from mmfusion.data.records import read_records
from mmfusion.data.time_grid import fit_spec
from mmfusion.evaluation.leaderboard import leaderboard, leaderboard_page, leaderboard_plot
from mmfusion.files import locked, read_json, replacing, write_json
from mmfusion.training.history import read_history
from mmfusion.training.search_space import first_choice, search_space
from mmfusion.training.tuning import oracle, tune

SPACE = {
    "fusion": ["decision", "gated", "concat", "cross_attention", "low_rank"],
    "units": [32, 64, 128],
    "dropout": {"low": 0.0, "high": 0.6},
    "rate": {"low": 3e-4, "high": 1e-2, "log": True},
    "weight_decay": {"low": 1e-4, "high": 1e-1, "log": True},
    "batch_size": [8, 16, 32],
    "optimisation.optimizer": ["adamw", "lion", "sgd"],
    "optimisation.smoothing": [0.0, 0.1],
    "augmentation.crop": {"low": 0.0, "high": 0.3},
    "augmentation.modality_dropout": {"low": 0.0, "high": 0.5},
}
SHOWN = 10


@dataclasses.dataclass(frozen=True)
class Options(train.Options):
    """Settings of `mmfusion tune`: those of `mmfusion train`, and four more.

    Args:
        out: str. Path of the folder of the search: `leaderboard.csv .png .html`, a run folder for
            each trial, and `best`, the run that was trained with the best settings.
        search: str. `grid`, `random`, `bayes` or `hyperband`.
        trials: int. At most so many.
        parallel: int. Trials at a time, each in a process of its own.
        space: str. Path of a JSON file, a dict of the fields to search; `SPACE` if not given.
    """

    search: str = "random"
    trials: int = 20
    parallel: int = 1
    space: str | None = None


def run(options):
    """Searches by the validation loss, never looking at the test part, and retrains the best.

    Args:
        options: Options.

    Returns:
        dict of the `leaderboard`, the `best` values, what `mmfusion train` says of the run `best`
        in `metrics`, and `quarantined`.

    Raises:
        ValueError: if the space names an unknown field, or an option does not fit.
        RuntimeError: if no trial came to its end.
    """
    fields = read_json(options.space) if options.space else _default_space(options)
    space = search_space(fields)
    plain = _train_options(options)
    train.check(from_fields(train.Options, merged(plain, first_choice(fields))))
    chosen = oracle(
        options.search, space, trials=options.trials, epochs=options.epochs, seed=options.seed
    )
    clips = read_manifest(options.manifest, label=options.label, group=options.group)
    parts = parts_of(clips, options)
    spec = fit_spec(clips, **train.clock_fields(options))
    everything = [clip for part in parts.values() for clip in part]
    out = Path(options.out)
    with locked(out):
        records = prepared(everything, spec, cache=options.cache, workers=options.workers)
        write_json(out / "tune.json", {"records": str(records.folder.resolve()), "options": plain})
        found = tune(chosen, out, trial, parallel=options.parallel)
        rows = leaderboard(found)
        _write(out, found, rows)
        if not rows or rows[0]["rank"] is None:
            raise RuntimeError(f"No trial came to its end: see {out}/trials/*/log.txt")
        best = next(row["values"] for row in found if row["trial"] == rows[0]["trial"])
        again = merged(plain, {**best, "out": str(out / "best")})
        metrics = train.run(from_fields(train.Options, again))
    return {
        "leaderboard": rows,
        "best": best,
        "metrics": metrics,
        "quarantined": list(records.quarantined),
    }


def trial(values, place):
    """Trains one trial in a process of its own.

    Args:
        values: dict of field to value.
        place: str. Path of the trial's folder; the one of the search is two above.

    Returns:
        float. The lowest validation loss.
    """
    asked = read_json(Path(place).parents[1] / "tune.json")
    fields = merged(
        asked["options"], {n: v for n, v in values.items() if not n.startswith("tuner/")}
    )
    fields |= {"out": place, "epochs": values.get("tuner/epochs", fields["epochs"])}
    options = from_fields(train.Options, fields)
    clips = read_manifest(options.manifest, label=options.label, group=options.group)
    train.keras.utils.set_random_seed(options.seed)
    train.fit(read_records(asked["records"]), parts_of(clips, options), options)
    return min(read_history(Path(place) / "history.csv")["val_loss"])


def _train_options(options):
    """The fields of `mmfusion train` as JSON holds them."""
    own = {field.name for field in dataclasses.fields(train.Options)}
    return {name: value for name, value in dataclasses.asdict(options).items() if name in own}


def _default_space(options):
    """`SPACE`, without what does not matter to the modalities asked for."""
    return {
        name: asked
        for name, asked in SPACE.items()
        if "video" in options.modalities or name != "augmentation.crop"
    }


def _write(out, found, rows):
    columns = list(dict.fromkeys(name for row in rows for name in row))
    path = out / "leaderboard.csv"
    with replacing(path) as temporary, open(temporary, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    leaderboard_plot(found).savefig(out / "leaderboard.png", dpi=150, bbox_inches="tight")
    with replacing(out / "leaderboard.html") as temporary:
        text = leaderboard_page(found, title=f"Search {out.resolve().name}")
        temporary.write_text(text, encoding="utf-8")


def table(result):
    """The best trials as text."""
    rows = result["leaderboard"][:SHOWN]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    cells = [[_cell(row.get(name)) for name in columns] for row in rows]
    return text_table(columns, cells)


def _cell(value):
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
