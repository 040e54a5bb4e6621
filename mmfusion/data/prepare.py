"""Decodes each clip once, in child processes, into TFRecord shards with an index."""

import functools
import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf
from tqdm.auto import tqdm

from mmfusion.data.align import align
from mmfusion.data.cleaning import part_cleaning
from mmfusion.data.content import fingerprints
from mmfusion.data.records import Records, write_index
from mmfusion.data.tf_example import serialise
from mmfusion.files import locked, read_json, replacing, sha256, write_json
from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import DEFAULT_LIMITS, Limits
from mmfusion.media.sandbox import sandboxed_map
from mmfusion.specs import MASK_SUFFIX, Clip, ClipSpec

SHARD_CLIPS = 64
NAMED = ("label", "group", "split", "transcribed")


def prepare_clip(clip: Clip, spec: ClipSpec) -> dict[str, np.ndarray]:
    """Decodes and aligns one clip: the pure function that preparing runs on every clip.

    Args:
        clip: Clip.
        spec: ClipSpec.

    Returns:
        Dict of arrays with the shapes of `spec.aligned_shapes` and their masks `(T,)`.

    Raises:
        DecodeError: if a file of the clip cannot be read.
    """
    return align(clip, spec)[0]


def prepare(
    clips: Sequence[Clip],
    spec: ClipSpec,
    folder: str | Path,
    *,
    workers: int | None = None,
    limits: Limits = DEFAULT_LIMITS,
    quiet: bool = False,
    run_all: Callable | None = None,
) -> Records:
    """Writes aligned clips to TFRecord shards; resumes where an earlier run was cut short.

    A shard holds up to 64 consecutive clips and appears whole or not at all. It is written again
    only if its clips, their files' content or the spec have changed, or if it was damaged.

    Args:
        clips: Sequence of `Clip`.
        spec: ClipSpec.
        folder: Path of the folder to write.
        workers: int. Child processes; as many as there are processors by default.
        limits: Limits of one clip's decoding.
        quiet: bool. No progress bar.
        run_all: Function that calls its first argument on each item of its second, anywhere, as
            `mm.data.with_beam`; by default all work is done by this machine's child processes.

    Returns:
        Records. Clips that could not be read are in `records.quarantined`, with kind and reason.

    Raises:
        RuntimeError: if another process prepares this folder.
    """
    with locked(folder) as folder:
        align_clip = functools.partial(align, spec=spec, limits=limits)
        mapped = functools.partial(
            sandboxed_map,
            align_clip,
            workers=workers or os.cpu_count(),
            limits=limits,
            item_bytes=None,
        )
        digests = fingerprints(clips, workers=workers, limits=limits)
        return _prepare(clips, spec, folder, digests, mapped, quiet, run_all)


def _prepare(clips, spec, folder, digests, mapped, quiet, run_all):
    shards = [clips[at : at + SHARD_CLIPS] for at in range(0, len(clips), SHARD_CLIPS)]
    keys = [shard_key(shard, spec, digests) for shard in shards]
    paths = [folder / f"shard-{at:05d}.tfrecord" for at in range(len(shards))]
    (folder / "index.json").unlink(missing_ok=True)
    todo = [at for at in range(len(shards)) if not _is_done(paths[at], keys[at])]
    if run_all is not None:
        jobs = [(paths[at], keys[at], shards[at]) for at in todo]
        run_all(functools.partial(_write_alone, mapped=mapped), jobs)
        todo = []
    work = [clip for at in todo for clip in shards[at]]
    results = mapped(work)
    with tqdm(total=len(clips), unit="clip", disable=True if quiet else None) as progress:
        progress.update(len(clips) - len(work))
        for at in todo:
            _write_shard(paths[at], keys[at], shards[at], results, progress)
    records = _collect(clips, spec, folder, paths)
    _remove_others(folder, paths)
    write_index(records)
    return records


def shard_key(
    clips: Sequence[Clip], spec: ClipSpec, digests: Mapping[Path, str | None] | None = None
) -> str:
    """Digest of everything a shard depends on: the spec, the rows and the content of the files.

    Args:
        clips: Sequence of `Clip`.
        spec: ClipSpec.
        digests: dict of path to digest, as of `fingerprints`, where they are known.

    Returns:
        str, 64 hex digits.
    """
    rows, known = [], fingerprints(clips) if digests is None else digests
    for clip in clips:
        row = {name: getattr(clip, name) for name in ("id", "text", "start_s", "end_s")}
        for name in ("video", "audio", "transcript"):
            row[name] = known.get(getattr(clip, name))
        if clip.transcribed:  # else the key is that of a person's captions with the same words
            row["transcribed"] = True
        rows.append(row)
    fields = {**spec.to_dict(), "cleaning": list(part_cleaning(spec)[0])}
    text = json.dumps({"spec": fields, "rows": rows}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _is_done(path, key):
    try:
        summary = read_json(path.with_suffix(".json"))
        return summary["key"] == key and sha256(path) == summary["sha256"]
    except (OSError, ValueError, KeyError):
        return False


def _write_alone(job, *, mapped):
    """Decodes and writes one shard, on whatever machine this is called."""
    path, key, clips = job
    with tqdm(disable=True) as progress:
        _write_shard(path, key, clips, mapped(clips), progress)


def _write_shard(path, key, clips, results, progress):
    """Takes the next `len(clips)` results and writes them: the shard first, then its summary."""
    kept, quarantined = [], []
    with replacing(path) as temporary, tf.io.TFRecordWriter(str(temporary)) as writer:
        for clip in clips:
            _, result = next(results)
            if isinstance(result, DecodeError):
                quarantined.append({"id": clip.id, "kind": result.kind, "reason": result.where})
            else:
                tensors, notes = result
                writer.write(serialise(tensors))
                valid = {
                    name.removesuffix(MASK_SUFFIX): int(mask.sum())
                    for name, mask in tensors.items()
                    if name.endswith(MASK_SUFFIX)
                }
                kept.append({"id": clip.id, "valid_steps": valid, "notes": notes})
            progress.update()
    size = path.stat().st_size
    summary = {"key": key, "bytes": size, "sha256": sha256(path)}
    write_json(path.with_suffix(".json"), {**summary, "clips": kept, "quarantined": quarantined})


def _collect(clips, spec, folder, paths):
    """The shards' summaries as one `Records`, with the labels and groups of the clips at hand."""
    by_id = {clip.id: clip for clip in clips}
    shards, kept, quarantined = [], [], []
    for path in paths:
        summary = read_json(path.with_suffix(".json"))
        shards.append(
            {
                "name": path.name,
                "count": len(summary["clips"]),
                "bytes": summary["bytes"],
                "sha256": summary["sha256"],
            }
        )
        quarantined += summary["quarantined"]
        for row in summary["clips"]:
            clip = by_id[row["id"]]
            named = {name: getattr(clip, name) for name in NAMED}
            kept.append({**row, **named})
    return Records(folder, spec, tuple(shards), tuple(kept), tuple(quarantined))


def _remove_others(folder, paths):
    """Removes shards that an earlier, longer run left behind."""
    for path in set(folder.glob("shard-*.tfrecord")) - set(paths):
        path.unlink()
        path.with_suffix(".json").unlink(missing_ok=True)
