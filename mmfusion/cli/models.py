"""The verbs that train."""

from typing import Annotated

import typer

from mmfusion.cli.arguments import (
    AsJson,
    BatchSize,
    Branches,
    Cleaning,
    Epochs,
    File,
    FineTune,
    Fusion,
    Group,
    Label,
    Loss,
    Manifest,
    Modalities,
    Optimizer,
    Order,
    Positive,
    Rate,
    Recall,
    Recipe,
    Schedule,
    Seconds,
    Seed,
    Size,
    Steps,
    TextEncoder,
    Workers,
    pairs,
    shares,
    within,
)
from mmfusion.cli.command import app, job_for, leave, perform, say, tell


@app.command()
def train(
    manifest: Manifest,
    out: Annotated[str, typer.Option(help="Run folder.", metavar="RUN")],
    label: Label = None,
    group: Group = None,
    modalities: Modalities = None,
    order: Order = None,
    text_encoder: TextEncoder = None,
    fine_tune: FineTune = None,
    branches: Branches = None,
    fusion: Fusion = None,
    seeds: Annotated[int | None, typer.Option(help="Models trained, of arrays.")] = None,
    val: Annotated[
        str | None, typer.Option(help="Manifest to validate on.", metavar="MANIFEST")
    ] = None,
    seed: Seed = None,
    epochs: Epochs = None,
    recipe: Recipe = None,
    loss: Loss = None,
    optimizer: Optimizer = None,
    schedule: Schedule = None,
    rate: Rate = None,
    find_rate: Annotated[
        bool, typer.Option("--find-rate", help="Take the rate that a range test suggests.")
    ] = False,
    batch_size: BatchSize = None,
    seconds: Seconds = None,
    steps: Steps = None,
    size_px: Size = None,
    cleaning: Cleaning = None,
    positive: Positive = None,
    recall: Recall = None,
    workers: Workers = None,
    options: File = None,
):
    """Train a model on clips or arrays, measure it and write a run folder."""
    given = within(locals(), "optimisation", "loss", "optimizer", "schedule")
    given |= {"find_rate": find_rate or None, "branches": pairs(branches)}
    metrics, job = perform(job_for("train", manifest, given), given)
    if metrics.get("n"):
        say(job.table(metrics))
    say(f"{out}/report.html" if metrics.get("n") else out)
    leave(metrics["quarantined"])


@app.command()
def crossval(
    manifest: Manifest,
    out: Annotated[str, typer.Option(help="Folder of a run for each fold.")],
    folds: Annotated[int | None, typer.Option(help="Number of folds, 5 by default.")] = None,
    seeds: Annotated[int | None, typer.Option(help="How often all folds are trained.")] = None,
    curve: Annotated[
        str | None,
        typer.Option(help="Shares to train on as well, as 0.25,0.5.", metavar="SHARES"),
    ] = None,
    positive: Positive = None,
    recall: Recall = None,
    recipe: Recipe = None,
    label: Label = None,
    group: Group = None,
    order: Order = None,
    modalities: Modalities = None,
    text_encoder: TextEncoder = None,
    fine_tune: FineTune = None,
    cleaning: Cleaning = None,
    branches: Branches = None,
    fusion: Fusion = None,
    seed: Seed = None,
    epochs: Epochs = None,
    options: File = None,
    as_json: AsJson = False,
):
    """Train and score on grouped folds; tell mean, spread, intervals and paired tests."""
    given = {**locals(), "curve": shares(curve), "branches": pairs(branches)}
    result, job = perform(job_for("crossval", manifest, given), given)
    tell(result, as_json, job.table)
    leave(result["quarantined"])


@app.command()
def baseline(
    features: Annotated[str, typer.Argument(help="What `mmfusion features` wrote.")],
    label: Label = None,
    group: Group = None,
    folds: Annotated[int | None, typer.Option(help="Number of folds, 5 by default.")] = None,
    nested: Annotated[
        bool, typer.Option("--nested", help="Choose a model within each fold as well.")
    ] = False,
    part: Annotated[
        str | None, typer.Option(help="Score on this part of the manifest's split instead.")
    ] = None,
    seed: Seed = None,
    options: File = None,
    as_json: AsJson = False,
):
    """Score scikit-learn's models on classic features by grouped folds."""
    result, job = perform("baseline", {**locals(), "nested": nested or None})
    tell(result, as_json, job.table)


@app.command()
def compare(
    manifest: Manifest,
    fusions: Annotated[
        str, typer.Option(help="Names with commas between them, or all.", metavar="NAMES")
    ] = "all",
    folds: Annotated[int | None, typer.Option(help="Number of folds, 5 by default.")] = None,
    label: Label = None,
    group: Group = None,
    order: Order = None,
    modalities: Modalities = None,
    text_encoder: TextEncoder = None,
    cleaning: Cleaning = None,
    epochs: Epochs = None,
    seed: Seed = None,
    options: File = None,
    as_json: AsJson = False,
):
    """Train every fusion on the same folds, and each modality alone; tell who gains what."""
    result, job = perform("compare", locals())
    tell(result, as_json, job.table)
