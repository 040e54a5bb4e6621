"""The verbs that read clips."""

from typing import Annotated

import typer

from mmfusion.cli.arguments import (
    AsJson,
    Cleaning,
    File,
    Group,
    Label,
    Manifest,
    Modalities,
    Seconds,
    Size,
    Steps,
    Workers,
    names,
)
from mmfusion.cli.command import app, leave, perform, say, tell


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
    cleaning: Cleaning = None,
    workers: Workers = None,
    runner: Annotated[
        str | None, typer.Option(help="local, or beam: Apache Beam.", metavar="NAME")
    ] = None,
    options: File = None,
):
    """Decode, align and clean clips once, into TFRecord shards."""
    records, _ = perform("prepare", locals())
    say(f"{len(records)} clips in {out}")
    leave(records.quarantined)


@app.command()
def features(
    manifest: Manifest,
    out: Annotated[str, typer.Option(help="features.parquet, or a database's URL.")],
    video: Annotated[
        str | None, typer.Option(help="Of the picture, as color,hog,motion.", metavar="NAMES")
    ] = None,
    audio: Annotated[
        str | None, typer.Option(help="Of the sound, as mfcc,spectral,vad.", metavar="NAMES")
    ] = None,
    text: Annotated[
        str | None, typer.Option(help="Of the words, as tfidf,word2vec.", metavar="NAMES")
    ] = None,
    weights: Annotated[
        str | None, typer.Option(help="Of the network of the families cnn and cnn-changes.")
    ] = None,
    checkpoint: Annotated[
        str | None, typer.Option(help="Folder of the BERT of the family bert.", metavar="DIR")
    ] = None,
    parser: Annotated[
        str | None, typer.Option(help="spaCy pipeline of the family dependencies.", metavar="NAME")
    ] = None,
    workers: Workers = None,
    options: File = None,
    as_json: AsJson = False,
):
    """Compute classic features of clips into a file or a database."""
    video, audio, text = names(video), names(audio), names(text)
    result, job = perform("features", locals())
    tell(result, as_json, job.table)
    leave(result["quarantined"])
