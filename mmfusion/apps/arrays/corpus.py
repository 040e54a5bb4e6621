"""Which files hold arrays, and how they are read."""

from pathlib import Path

from mmfusion.data.arrays import read_arrays
from mmfusion.data.corpora.meld import is_meld, read_meld
from mmfusion.data.encode_sentences import encode_sentences


def is_arrays(path):
    """Whether a path names a corpus that comes as arrays, not a manifest of clips."""
    return Path(path).suffix == ".npz" or is_meld(path)


def read_corpus(path, asked, encoder=None):
    """Reads a corpus of arrays.

    Args:
        path: str. Path of the file.
        asked: dict of `label`, `group`, `order` and `modalities`, as options or a `config.json`
            hold them.
        encoder: BertEncoder that reads each text once, for a vector beside its words, or `None`.

    Returns:
        Arrays. The label of a CSV file of MELD is `Emotion` where another is not named; its
        dialogues are sequences of the words `text`, whatever else is asked.
    """
    if is_meld(path):
        rows = read_meld(path, **({} if asked["label"] == "label" else {"label": asked["label"]}))
    else:
        keys = ("label", "group", "order", "modalities")
        rows = read_arrays(path, **{key: asked[key] for key in keys})
    return encode_sentences(rows, encoder) if encoder else rows
