"""The verbs that read clips."""

from typing import Annotated

import typer

from mmfusion.cli.arguments import (
    File,
    Group,
    Label,
    Manifest,
    Modalities,
    Seconds,
    Size,
    Steps,
    Workers,
)
from mmfusion.cli.command import app, leave, perform, say


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
    records, _ = perform("prepare", locals())
    say(f"{len(records)} clips in {out}")
    leave(records.quarantined)
