"""Corpora of arrays to train on."""

import numpy as np
import pytest

from mmfusion.apps.arrays import train as train_arrays
from mmfusion.data.augmentation import FeatureAugmentation

QUIET = FeatureAugmentation(noise=0, sequence_noise=0, gain=0, warp=0, shift=0, modality_dropout=0)


@pytest.fixture
def corpus(tmp_path):
    """60 rows of 6 groups, the class plain in `x` and nothing in `noise`."""
    rng = np.random.default_rng(0)
    label = np.arange(60) % 2
    np.savez(
        tmp_path / "corpus.npz",
        x=rng.normal(size=(60, 3)) + 4 * label[:, None],
        noise=rng.normal(size=(60, 5, 2)),
        label=label,
        class_names=np.array(["low", "high"]),
        video=np.arange(60) % 6,
        place=np.arange(60),
        split=np.where(np.arange(60) % 6 == 5, "test", "train"),
    )
    return tmp_path / "corpus.npz"


@pytest.fixture
def options(corpus, tmp_path):
    """Makes the options of a quick training."""

    def make(**fields):
        quick = {"epochs": 15, "units": 8, "rate": 0.02, "modalities": ("x",)}
        return train_arrays.Options(
            str(corpus), str(tmp_path / "run"), **{**quick, "augmentation": QUIET, **fields}
        )

    return make


@pytest.fixture
def meld(tmp_path):
    """Writes a file of MELD: dialogues of four utterances that tell their class; gives its path."""

    def write(name, dialogues):
        rows = ["Utterance,Emotion,Sentiment,Dialogue_ID,Utterance_ID"]
        for at in range(4 * dialogues):
            said, felt = [("fire alarms", "fear"), ("no", "neutral")][at // 3 % 2]
            rows.append(f"{said},{felt},any,{at // 4},{at % 4}")
        path = tmp_path / name
        path.write_text("\n".join(rows) + "\n")
        return path

    return write
