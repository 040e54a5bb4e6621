"""How even a split is, and what two of its parts share."""

import collections
import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from mmfusion.data.content import content_key, fingerprints
from mmfusion.specs import Clip


def split_report(parts: Mapping[str, Sequence[Clip]]) -> dict[str, dict[str, Any]]:
    """Counts clips, groups and classes of each part.

    Args:
        parts: dict of part name to sequence of `Clip`.

    Returns:
        dict of part name to dict: `clips`, `share` (of all clips), `groups`, `labels` (dict of
        label to its share of the part) and `off` (how far the label that is furthest off lies from
        its share of all clips).

    Example:

    >>> clips = [mm.Clip(str(at), text="a", label="xy"[at % 2]) for at in range(8)]
    >>> split_report({"train": clips[:6], "test": clips[6:]})["test"]["labels"]
    {'x': 0.5, 'y': 0.5}
    """
    everything = [clip for part in parts.values() for clip in part]
    overall = _shares(everything)
    report = {}
    for name, part in parts.items():
        shares = _shares(part)
        report[name] = {
            "clips": len(part),
            "share": len(part) / max(len(everything), 1),
            "groups": len({clip.group for clip in part} - {None}),
            "labels": shares,
            "off": max((abs(shares.get(k, 0.0) - overall[k]) for k in overall), default=0.0),
        }
    return report


def leaks(parts: Mapping[str, Sequence[Clip]]) -> list[dict[str, Any]]:
    """Finds what leaks from part to part: the same group, or the same content by another name.

    Args:
        parts: dict of part name to sequence of `Clip`. The files are read.

    Returns:
        List of dict with `kind` (`"group"` or `"content"`), `parts` (two names), and `what`: the
        group, or the ids of the two clips.

    Example:

    >>> train, test = [mm.Clip("a", text="fire")], [mm.Clip("b", text="fire")]
    >>> leaks({"train": train, "test": test})
    [{'kind': 'content', 'parts': ['train', 'test'], 'what': ['a', 'b']}]
    """
    groups = {
        name: {clip.group for clip in part if clip.group is not None}
        for name, part in parts.items()
    }
    digests = fingerprints(clip for part in parts.values() for clip in part)
    contents = {
        name: {content_key(clip, digests): clip.id for clip in part} for name, part in parts.items()
    }
    found = []
    for one, other in itertools.combinations(parts, 2):
        both = {"parts": [one, other]}
        for group in sorted(groups[one] & groups[other]):
            found.append({"kind": "group", **both, "what": group})
        for key in contents[one].keys() & contents[other].keys():
            what = [contents[one][key], contents[other][key]]
            found.append({"kind": "content", **both, "what": what})
    return sorted(found, key=lambda each: (each["kind"], each["parts"], each["what"]))


def _shares(clips):
    counts = collections.Counter(str(clip.label) for clip in clips)
    return {label: counts[label] / len(clips) for label in sorted(counts)}
