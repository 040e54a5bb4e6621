"""The verbs that use what was trained."""

from typing import Annotated

import typer

from mmfusion.cli.arguments import AsJson, File, Label, Manifest, Positive, Workers
from mmfusion.cli.command import app, job_for, leave, perform, say, tell


@app.command()
def evaluate(
    model: Annotated[str, typer.Argument(help="Run folder or exported model.")],
    manifest: Manifest,
    label: Label = None,
    positive: Positive = None,
    part: Annotated[str | None, typer.Option(help="train, val, test or all.")] = None,
    noise_db: Annotated[
        float | None,
        typer.Option(help="White noise under the sound: signal to noise in dB.", metavar="DB"),
    ] = None,
    out: Annotated[str | None, typer.Option(help="Folder for the report and the plots.")] = None,
    workers: Workers = None,
    options: File = None,
    as_json: AsJson = False,
):
    """Score a model on clips or arrays: figures, ablation and leak row."""
    given = locals()
    metrics, job = perform(job_for("evaluate", manifest, given), given)
    tell(metrics, as_json, job.table)
    leave(metrics["quarantined"])


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
    rows, job = perform("predict", locals())
    tell(rows, as_json, job.table)
    leave([row for row in rows if "kind" in row])


@app.command()
def export(
    run: Annotated[str, typer.Argument(help="Run folder.")],
    out: Annotated[str, typer.Option(help="Folder of versions, as saved_models/fights.")],
):
    """Write a run as a SavedModel that carries its own preprocessing."""
    version, _ = perform("export", locals())
    say(str(version))
