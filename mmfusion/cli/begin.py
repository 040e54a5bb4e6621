"""The verbs of a newcomer: try it, and see whether this machine can do it."""

import importlib
from typing import Annotated

import typer

from mmfusion.cli.arguments import AsJson, Seed
from mmfusion.cli.command import FAILED, OK, app, perform, tell


@app.command()
def demo(
    out: Annotated[
        str, typer.Option(help="Folder for the corpus, the run and the export.")
    ] = "runs/demo",
    seed: Seed = None,
    as_json: AsJson = False,
):
    """Make the embedded corpus, train on it, and compare with the scores it allows."""
    result, job = perform("demo", locals())
    tell(result, as_json, job.table)


@app.command()
def doctor(as_json: AsJson = False):
    """Say what this machine has, what it lacks and how to mend it."""
    job = importlib.import_module("mmfusion.apps.doctor")
    result = job.run()
    tell(result, as_json, job.table)
    raise typer.Exit(FAILED if result["problems"] else OK)
