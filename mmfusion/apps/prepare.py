"""Prepare: a list of clips to TFRecord shards that training on any machine can read."""

import dataclasses
import functools
from typing import Any

from mmfusion.data.manifest import read_manifest
from mmfusion.data.missing_files import warn_of_missing
from mmfusion.data.prepare import prepare
from mmfusion.data.time_grid import fit_spec
from mmfusion.data.with_beam import with_beam
from mmfusion.experiments.transcribed import transcribed
from mmfusion.options.checks import check_options
from mmfusion.options.verbs import PrepareOptions
from mmfusion.specs import MODALITIES


def run(options: PrepareOptions) -> dict[str, Any]:
    """Decodes, aligns and writes the clips.

    Args:
        options: PrepareOptions.

    Returns:
        dict with `n` (clips in the records), `transcribed` (those of them whose words are
        machine-made), `records` (their folder) and `quarantined`.

    Raises:
        FileNotFoundError: if there is no manifest, or no weights to transcribe with.
        ValueError: if an option or the manifest does not fit.
    """
    check_options(options)
    clips = read_manifest(options.manifest, label=options.label, group=options.group)
    modalities = options.modalities or MODALITIES
    warn_of_missing(options.manifest, clips, modalities)
    if options.transcribe:
        clips = transcribed(clips, workers=options.workers)
    spec = fit_spec(clips, **dataclasses.asdict(options.grid), modalities=modalities)
    spread = functools.partial(with_beam, flags=options.beam_flags)
    run_all = spread if options.runner == "beam" else None
    records = prepare(clips, spec, options.out, workers=options.workers, run_all=run_all)
    return {
        "n": len(records),
        "transcribed": sum(row["transcribed"] for row in records.clips),
        "records": str(records.folder),
        "quarantined": list(records.quarantined),
    }


def table(result: dict[str, Any]) -> str:
    """How many clips there are, and where."""
    words = f", {result['transcribed']} with machine-made words" if result["transcribed"] else ""
    return f"{result['n']} clips in {result['records']}{words}"
