"""The command `mmfusion`: each verb fills the Options of one job in `apps/` and runs it."""

import contextlib
import importlib
import json
import logging
import os
import signal
import sys
from typing import Annotated

import typer

OK, FAILED, USAGE, QUARANTINED, TERMINATED = 0, 1, 2, 3, 143

app = typer.Typer(
    help="Raw clips with sound and words in, predictions out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Manifest = Annotated[str, typer.Argument(help="CSV or JSONL list of clips.")]
Label = Annotated[str | None, typer.Option(help="Column of the class.", metavar="COLUMN")]
Group = Annotated[
    str | None, typer.Option(help="Column that must not straddle a split.", metavar="COLUMN")
]
Modalities = Annotated[
    str | None, typer.Option(help="What to look at, as video,audio,text.", metavar="NAMES")
]
Fusion = Annotated[str | None, typer.Option(help="How modalities are brought together.")]
Epochs = Annotated[int | None, typer.Option(help="At most so many.")]
Positive = Annotated[
    str | None,
    typer.Option(help="Class that precision, recall, F1 and AUC speak of.", metavar="CLASS"),
]
Seed = Annotated[int | None, typer.Option(help="Same seed, same numbers.")]
Workers = Annotated[int | None, typer.Option(help="Child processes that decode.")]
File = Annotated[
    str | None, typer.Option("--options", help="JSON file of further options.", metavar="FILE")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
Seconds = Annotated[
    float | None, typer.Option(help="Length of the clock; fits the clips if not given.")
]
Steps = Annotated[int | None, typer.Option(help="Steps of the clock; eight a second if not given.")]
Size = Annotated[int | None, typer.Option(help="Height and width of frames in pixels.")]


@app.command()
def demo(
    out: Annotated[
        str, typer.Option(help="Folder for the corpus, the run and the export.")
    ] = "runs/demo",
    seed: Seed = None,
    as_json: AsJson = False,
):
    """Make the embedded corpus, train on it, and compare with the scores it allows."""
    result, job = _run("demo", locals())
    _tell(result, as_json, job.table)


@app.command()
def doctor(as_json: AsJson = False):
    """Say what this machine has, what it lacks and how to mend it."""
    job = importlib.import_module("mmfusion.apps.doctor")
    result = job.run()
    _tell(result, as_json, job.table)
    raise typer.Exit(FAILED if result["problems"] else OK)


@app.command()
def prepare(
    manifest: Manifest,
    out: Annotated[str, typer.Option(help="Folder for the records.")],
    label: Label = None,
    group: Group = None,
    modalities: Modalities = None,
    seconds: Seconds = None,
    steps: Steps = None,
    size_px: Size = None,
    workers: Workers = None,
    options: File = None,
):
    """Decode and align clips once, into TFRecord shards."""
    records, _ = _run("prepare", locals())
    _say(f"{len(records)} clips in {out}")
    _leave(records.quarantined)


@app.command()
def train(
    manifest: Manifest,
    out: Annotated[str, typer.Option(help="Run folder.", metavar="RUN")],
    label: Label = None,
    group: Group = None,
    modalities: Modalities = None,
    fusion: Fusion = None,
    val: Annotated[
        str | None, typer.Option(help="Manifest to validate on.", metavar="MANIFEST")
    ] = None,
    seed: Seed = None,
    epochs: Epochs = None,
    seconds: Seconds = None,
    steps: Steps = None,
    size_px: Size = None,
    workers: Workers = None,
    options: File = None,
):
    """Train a model on clips, measure it and write a run folder."""
    metrics, job = _run("train", locals())
    if metrics.get("n"):
        _say(job.table(metrics))
    _say(f"{out}/report.html" if metrics.get("n") else out)
    _leave(metrics["quarantined"])


@app.command()
def crossval(
    manifest: Manifest,
    out: Annotated[str, typer.Option(help="Folder of a run for each fold.")],
    folds: Annotated[int | None, typer.Option(help="Number of folds, 5 by default.")] = None,
    positive: Positive = None,
    label: Label = None,
    group: Group = None,
    modalities: Modalities = None,
    fusion: Fusion = None,
    seed: Seed = None,
    epochs: Epochs = None,
    options: File = None,
    as_json: AsJson = False,
):
    """Train and score on grouped folds; tell mean and spread."""
    result, job = _run("crossval", locals())
    _tell(result, as_json, job.table)
    _leave(result["quarantined"])


@app.command()
def evaluate(
    model: Annotated[str, typer.Argument(help="Run folder or exported model.")],
    manifest: Manifest,
    label: Label = None,
    positive: Positive = None,
    part: Annotated[str | None, typer.Option(help="train, val, test or all.")] = None,
    out: Annotated[str | None, typer.Option(help="Folder for the report and the plots.")] = None,
    workers: Workers = None,
    options: File = None,
    as_json: AsJson = False,
):
    """Score a model on clips: figures, ablation and leak row."""
    metrics, job = _run("evaluate", locals())
    _tell(metrics, as_json, job.table)
    _leave(metrics["quarantined"])


@app.command()
def predict(
    model: Annotated[str, typer.Argument(help="Run folder or exported model.")],
    paths: Annotated[list[str], typer.Argument(help="Video, sound or caption files.")],
    text: Annotated[
        str | None, typer.Option(help="Words that go with each.", metavar="WORDS")
    ] = None,
    transcript: Annotated[
        str | None, typer.Option(help="Caption file that goes with each.", metavar="FILE")
    ] = None,
    as_json: AsJson = False,
):
    """Give the probability of each class for raw files."""
    rows, job = _run("predict", locals())
    _tell(rows, as_json, job.table)
    _leave([row for row in rows if "kind" in row])


@app.command()
def export(
    run: Annotated[str, typer.Argument(help="Run folder.")],
    out: Annotated[str, typer.Option(help="Folder of versions, as saved_models/fights.")],
):
    """Write a run as a SavedModel that carries its own preprocessing."""
    version, _ = _run("export", locals())
    _say(str(version))


def main():
    """Runs the command and turns errors into one line on stderr and an exit code."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    logging.getLogger("mmfusion").setLevel(logging.INFO)
    signal.signal(signal.SIGTERM, _terminate)
    try:
        app()
    except (ValueError, FileNotFoundError) as error:
        _fail(error, USAGE)
    except (RuntimeError, OSError, MemoryError) as error:
        _fail(error, FAILED)


def _run(name, given):
    """Runs one job with the parameters given to its verb; returns what it gives, and its module."""
    job = importlib.import_module(f"mmfusion.apps.{name}")
    from mmfusion.apps.options import read_options

    flags = {flag: value for flag, value in given.items() if flag not in ("options", "as_json")}
    if flags.get("modalities"):
        flags["modalities"] = tuple(part.strip() for part in flags["modalities"].split(","))
    with contextlib.redirect_stdout(sys.stderr):  # progress is not data
        return job.run(read_options(job.Options, given.get("options"), **flags)), job


def _tell(result, as_json, table):
    _say(json.dumps(result, indent=1, ensure_ascii=False) if as_json else table(result))


def _say(text):
    typer.echo(text)


def _leave(quarantined):
    """Ends with 3 where some clips could not be read, after naming them on stderr."""
    for row in quarantined:
        name = row.get("id") or row["path"]
        typer.echo(f"quarantined {name}: {row['kind']}: {row['reason']}", err=True)
    if quarantined:
        raise typer.Exit(QUARANTINED)


def _fail(error, code):
    typer.echo(f"mmfusion: {error}", err=True)
    sys.exit(code)


def _terminate(signum, frame):
    sys.exit(TERMINATED)
