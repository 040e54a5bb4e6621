"""Prepare: a manifest of clips to TFRecord shards that training on any machine can read."""

import dataclasses
import functools

from mmfusion.data.manifest import read_manifest
from mmfusion.data.prepare import prepare
from mmfusion.data.time_grid import fit_spec
from mmfusion.data.with_beam import with_beam
from mmfusion.specs import MODALITIES

RUNNERS = ("beam", "local")


@dataclasses.dataclass(frozen=True)
class Options:
    """Settings of `mmfusion prepare`.

    Args:
        manifest: str. Path of the clips.
        out: str. Path of the folder to write.
        label: str. The column of the class.
        group: str. The column that must not straddle a split.
        modalities: tuple of str. What to keep.
        seconds: float. Length of the clock; that of 19 clips in 20 (at most 10 s) if not given.
        steps: int. Steps of the clock; eight a second (4 to 64) if not given.
        size_px: int. Height and width of frames.
        sample_rate_hz: int. Of the sound.
        cleaning: tuple of str. Steps to clean by, as `video.median`, `audio.gate`, `text.plain`.
        workers: int. Child processes that decode; as many as processors if not given.
        runner: str. `local`, or `beam`: Apache Beam, of the extra `beam`.
        beam_flags: tuple of str. Beam's own flags, as `--runner=FlinkRunner`.
    """

    manifest: str
    out: str
    label: str = "label"
    group: str = "group"
    modalities: tuple[str, ...] = MODALITIES
    seconds: float | None = None
    steps: int | None = None
    size_px: int = 112
    sample_rate_hz: int = 16_000
    cleaning: tuple[str, ...] = ()
    workers: int | None = None
    runner: str = "local"
    beam_flags: tuple[str, ...] = ()


def run(options):
    """Decodes, aligns and writes the clips.

    Args:
        options: Options.

    Returns:
        Records.
    """
    if options.runner not in RUNNERS:
        raise ValueError(f"`runner` must be one of {RUNNERS}. Received: {options.runner!r}")
    clips = read_manifest(options.manifest, label=options.label, group=options.group)
    spec = fit_spec(
        clips,
        seconds=options.seconds,
        steps=options.steps,
        size_px=options.size_px,
        sample_rate_hz=options.sample_rate_hz,
        modalities=options.modalities,
        cleaning=options.cleaning,
    )
    spread = functools.partial(with_beam, flags=options.beam_flags)
    run_all = spread if options.runner == "beam" else None
    return prepare(clips, spec, options.out, workers=options.workers, run_all=run_all)
