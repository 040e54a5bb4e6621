"""The verbs that train many models to have one: the best of them, or all together."""

from typing import Annotated

import typer

from mmfusion.cli.arguments import (
    AsJson,
    Cleaning,
    Epochs,
    File,
    Fusion,
    Group,
    Label,
    Manifest,
    Modalities,
    Seed,
)
from mmfusion.cli.command import app, leave, perform, tell


@app.command()
def tune(
    manifest: Manifest,
    out: Annotated[str, typer.Option(help="Folder of the search.", metavar="RUN")],
    search: Annotated[
        str | None, typer.Option(help="grid, random, bayes or hyperband.", metavar="NAME")
    ] = None,
    trials: Annotated[int | None, typer.Option(help="At most so many, 20 by default.")] = None,
    parallel: Annotated[int | None, typer.Option(help="Trials at a time, 1 by default.")] = None,
    space: Annotated[
        str | None, typer.Option(help="JSON file of the fields to search.", metavar="FILE")
    ] = None,
    label: Label = None,
    group: Group = None,
    modalities: Modalities = None,
    cleaning: Cleaning = None,
    fusion: Fusion = None,
    seed: Seed = None,
    epochs: Epochs = None,
    options: File = None,
    as_json: AsJson = False,
):
    """Search the settings of a training and train with the best ones."""
    result, job = perform("tune", locals())
    tell(result, as_json, job.table)
    leave(result["quarantined"])


@app.command()
def ensemble(
    runs: Annotated[
        list[str], typer.Argument(help="Folders of crossval, or one run with snapshots.")
    ],
    out: Annotated[str, typer.Option(help="Folder of versions, as saved_models/fights.")],
    method: Annotated[
        str | None, typer.Option(help="average, vote, weighted or stacking.", metavar="NAME")
    ] = None,
    as_json: AsJson = False,
):
    """Export several trainings as one model."""
    result, job = perform("ensemble", {**locals(), "runs": tuple(runs)})
    tell(result, as_json, job.table)
