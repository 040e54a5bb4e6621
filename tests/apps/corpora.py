"""Small corpora of every kind, written by hand."""

import json

import numpy as np

SPOKEN = {"alarm": "help us now", "calm": "all is fine"}


def write_words(path, count, *, first=0, groups=None, **columns):
    """Writes a list of clips of words alone, as many of each of two classes, in groups of four."""
    kinds = sorted(SPOKEN)
    rows = [
        {
            "id": str(at),
            "text": SPOKEN[kinds[at % 2]],
            "label": kinds[at % 2],
            "group": f"g{(at // 4) if groups is None else at % groups}",
            "place": at % 4,
            **columns,
        }
        for at in range(first, first + count)
    ]
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


def write_arrays(path, count=60, *, groups=12, **columns):
    """Writes rows whose class is plain in `x`; `noise` holds nothing."""
    rng = np.random.default_rng(0)
    label = np.arange(count) % 2
    np.savez(
        path,
        x=rng.normal(size=(count, 3)) + 4 * label[:, None],
        noise=rng.normal(size=(count, 5, 2)),
        label=label,
        class_names=np.array(["low", "high"]),
        video=np.arange(count) // 2 % groups,
        place=np.arange(count),
        **columns,
    )
    return path


def write_meld(path, dialogues):
    """Writes a file of MELD: dialogues of four utterances whose words are their class."""
    rows = ["Utterance,Emotion,Sentiment,Dialogue_ID,Utterance_ID"]
    for at in range(4 * dialogues):
        words, emotion = [("fire alarms", "fear"), ("no", "neutral")][at // 3 % 2]
        rows.append(f"{words},{emotion},any,{at // 4},{at % 4}")
    path.write_text("\n".join(rows) + "\n")
    return path
