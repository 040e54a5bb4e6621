"""Features of prepared clips by a frozen tower, computed once and kept beside the records."""

import dataclasses
import hashlib

import numpy as np
import tensorflow as tf
from tqdm.auto import tqdm

from mmfusion.data.records import Records
from mmfusion.data.tf_example import parse
from mmfusion.files import replacing
from mmfusion.layers.video.frame_tower import FrameTower
from mmfusion.specs import MASK_SUFFIX

VIDEO = "video"


def with_tower_features(records: Records, tower: FrameTower) -> Records:
    """Records whose frames are replaced by what a frozen tower makes of them.

    The features are those of unvaried frames. They lie in the records' folder, under a name made
    of the tower's weights and of the shards, and are read from there the next time.

    Args:
        records: Records with the modality `video`.
        tower: FrameTower.

    Returns:
        Records whose `extra` holds `video`, float32 `(N, T, D)`: a dataset reads no frames then.
    """
    path = records.folder / f"tower-{_digest(records, tower)[:16]}.npy"
    if not path.is_file():
        features = _compute(records, tower)
        with replacing(path) as temporary, open(temporary, "wb") as file:
            np.save(file, features)
    return dataclasses.replace(records, extra={**records.extra, VIDEO: np.load(path)})


def _compute(records, tower):
    spec = dataclasses.replace(records.spec, modalities=(VIDEO,))
    read = tf.data.TFRecordDataset(records.paths).map(lambda text: parse(text, spec))
    clips = tqdm(
        read.as_numpy_iterator(), total=len(records.clips), unit="clip", desc="tower", disable=None
    )
    return np.stack([tower.describe(clip[VIDEO], clip[VIDEO + MASK_SUFFIX]) for clip in clips])


def _digest(records, tower):
    digest = hashlib.sha256("".join(shard["sha256"] for shard in records.shards).encode())
    for weight in tower.layer.weights:
        digest.update(np.ascontiguousarray(weight).tobytes())
    return digest.hexdigest()
