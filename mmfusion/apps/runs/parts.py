"""The clips of a training by part, and the classes that can be learned from them."""

import collections

from mmfusion.apps.runs.fit import fitting
from mmfusion.data.manifest import read_manifest
from mmfusion.data.split import declared_split, split
from mmfusion.files import sha256

PARTS = ("train", "val", "test", "all")


def parts_of(clips, options):
    """The clips by part: what `--val` names, what the manifest declares, or 8:1:1.

    Args:
        clips: Sequence of `Clip`.
        options: Options of `mmfusion train`.

    Returns:
        dict of `"train"`, `"val"` and `"test"` to lists of `Clip`.

    Raises:
        ValueError: if no clip has a label or only one of a class, a clip is both trained and
            validated on, those to validate on lack a class, or `check_parts` finds a fault.
    """
    parts = _validated(clips, options) if options.val else _divided(clips, options)
    check_parts(parts, options)
    return parts


def check_parts(parts, options):
    """Refuses what cannot be trained on, before a clip is decoded.

    Args:
        parts: dict, as `parts_of` gives it.
        options: Options of `mmfusion train`.

    Raises:
        ValueError: if a class is in no clip to train on, or a batch is larger than those are many.
    """
    labels = {name: {clip.label for clip in part} - {None} for name, part in parts.items()}
    unseen = sorted(set().union(*labels.values()) - labels["train"])
    if unseen:
        raise ValueError(
            f"{options.manifest}: each class needs a clip to train on. Received: none of {unseen}"
        )
    fitting(options.batch_size, parts["train"])


def _validated(clips, options):
    """All clips to train on, and those of `--val` to validate on."""
    val = read_manifest(options.val, label=options.label, group=options.group)
    shared = {clip.id for clip in clips} & {clip.id for clip in val}
    if shared:
        raise ValueError(f"{options.val}: clips that are trained on. Received: {min(shared)!r}")
    unknown = {clip.label for clip in clips} - {clip.label for clip in val} - {None}
    if unknown:
        raise ValueError(
            f"{options.val}: no clip to validate on. Received: none of {sorted(unknown)}"
        )
    return {"train": clips, "val": val, "test": []}


def _divided(clips, options):
    """The parts of one manifest."""
    labelled = [clip for clip in clips if clip.label is not None]
    if not labelled:
        raise ValueError(
            f"{options.manifest}: no clip has a {options.label!r}. Name one by --label"
        )
    found = declared_split(labelled)
    if found is None:
        counts = collections.Counter(clip.label for clip in labelled)
        alone = sorted(label for label in counts if counts[label] == 1)
        if alone:
            raise ValueError(
                f"{options.manifest}: each class needs a clip to train on and one to test. "
                f"Received: a single one of {alone}"
            )
        found = split(labelled, (8, 1, 1), seed=options.seed)
    return dict(zip(("train", "val", "test"), found, strict=True))


def learnable_classes(train, val, parts, manifest):
    """The classes of the clips to train on, sorted.

    Args:
        train: Records to train on.
        val: Records to validate on.
        parts: dict, as `parts_of` gives it.
        manifest: str. Path for the messages.

    Returns:
        List of str.

    Raises:
        ValueError: if a class has no readable clip to train on, or there is none to validate on.
    """
    labels = {clip.label for part in parts.values() for clip in part} - {None}
    unseen = sorted(labels - set(train.classes))
    if unseen:
        raise ValueError(
            f"{manifest}: each class needs a readable clip to train on. Received: none of {unseen}"
        )
    if not val.classes:
        raise ValueError(
            f"{manifest}: no readable, labelled clip to validate on. Name some by --val or `split`"
        )
    return train.classes


def part_to_score(part, manifest, config):
    """The part to evaluate on: `test` of what the run was trained on, `all` of anything else.

    Args:
        part: str. The one asked for, or `None`.
        manifest: str. Path of what is evaluated on.
        config: dict, what `config.json` holds; empty for an exported model.

    Returns:
        str.

    Raises:
        ValueError: if there is no such part.
    """
    if part not in (None, *PARTS):
        raise ValueError(f"`part` must be one of {PARTS}. Received: {part!r}")
    same = config.get("manifest_sha256") == sha256(manifest)
    return part or ("test" if same else "all")
