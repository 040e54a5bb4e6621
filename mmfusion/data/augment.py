"""Random variation of training clips, with masks kept true."""

import dataclasses
import math

import tensorflow as tf

from mmfusion.data.example import MASK_SUFFIX
from mmfusion.layers.tokens import PADDING, UNKNOWN
from mmfusion.ops.spec_augment import spec_augment


@dataclasses.dataclass(frozen=True)
class Augmentation:
    """How far training clips are varied. Zero turns a variation off.

    Args:
        crop: float. The largest share of height and width that a crop takes away.
        flip: float. Chance of mirroring left and right.
        rotation_deg: float. Largest rotation to either side.
        colour: float. Largest relative change of brightness, contrast and saturation.
        gain_db: float. Largest change of loudness to either side.
        shift_s: float. Largest shift of the sound to either side, in seconds.
        mel_bins: int. SpecAugment's widest band.
        mel_frames: int. SpecAugment's longest stretch.
        word_dropout: float. Chance of a word to become the unknown word.
        modality_dropout: float. Chance of a modality to be taken away; one always stays.
    """

    crop: float = 0.15
    flip: float = 0.5
    rotation_deg: float = 5.0
    colour: float = 0.15
    gain_db: float = 6.0
    shift_s: float = 0.05
    mel_bins: int = 8
    mel_frames: int = 12
    word_dropout: float = 0.1
    modality_dropout: float = 0.25


def augment_clip(clip, spec, settings, seed):
    """Varies picture and sound of one aligned clip.

    Args:
        clip: dict of tensors as `parse` gives them.
        spec: ClipSpec.
        settings: Augmentation.
        seed: int64 scalar tensor. Same seed, same result.

    Returns:
        Dict like `clip`.
    """
    clip = dict(clip)
    draw = tf.random.stateless_uniform((10,), tf.stack([seed, 0]), -1, 1)
    if "video" in clip:
        frames = _warp(clip["video"], settings, draw[:5])
        clip["video"] = _recolour(frames, settings.colour, draw[5:8])
    if "audio" in clip:
        gain = 10 ** (settings.gain_db * draw[8] / 20)
        sound = tf.clip_by_value(clip["audio"] * gain, -1, 1)
        mask = clip["audio" + MASK_SUFFIX]
        offset = tf.cast(tf.round(settings.shift_s * spec.sample_rate_hz * draw[9]), tf.int32)
        clip["audio"], clip["audio" + MASK_SUFFIX] = _shift(sound, mask, offset)
    return clip


def augment_batch(batch, settings, seed):
    """Masks spectrograms, drops words and drops whole modalities of a model-ready batch.

    Args:
        batch: dict of tensors as the Preprocessor gives them.
        settings: Augmentation.
        seed: int64 scalar tensor. Same seed, same result.

    Returns:
        Dict like `batch`.
    """
    batch = dict(batch)
    if "audio" in batch:
        shape = tf.shape(batch["audio"])  # (B, T, P, F)
        flat = tf.reshape(batch["audio"], (shape[0], -1, batch["audio"].shape[-1]))
        flat = spec_augment(
            flat,
            bins=settings.mel_bins,
            frames=settings.mel_frames,
            seed=tf.stack([seed, 1]),
        )
        batch["audio"] = tf.reshape(flat, shape)
    if "text" in batch:
        ids = batch["text"]  # (B, T, L)
        draw = tf.random.stateless_uniform(tf.shape(ids), tf.stack([seed, 3]))
        lost = (draw < settings.word_dropout) & (ids != PADDING)
        batch["text"] = tf.where(lost, UNKNOWN, ids)
    return drop_modalities(batch, settings.modality_dropout, tf.stack([seed, 4]))


def drop_modalities(batch, rate, seed):
    """Takes whole modalities away at random, never the last one of a clip.

    Args:
        batch: dict of tensors by modality `(B, T, ...)` and their masks `(B, T)`.
        rate: float. Chance of each modality that is present.
        seed: int64 tensor `(2,)`.

    Returns:
        Dict like `batch`; what was dropped is zeros with an all-False mask.

    Reference:
        [Neverova et al., 2015](https://arxiv.org/abs/1501.00102)
    """
    names = sorted(name for name in batch if name + MASK_SUFFIX in batch)
    present = tf.stack([tf.reduce_any(batch[name + MASK_SUFFIX], axis=1) for name in names], axis=1)
    draw = tf.random.stateless_uniform(tf.shape(present), seed)  # (B, M)
    draw = tf.where(present, draw, -1.0)
    keep = (draw >= rate) | (draw == tf.reduce_max(draw, axis=1, keepdims=True))  # (B, M)
    batch = dict(batch)
    for at, name in enumerate(names):
        mask = batch[name + MASK_SUFFIX] & keep[:, at : at + 1]  # (B, T)
        wide = tf.reshape(mask, tf.concat([tf.shape(mask), [1] * (batch[name].shape.rank - 2)], 0))
        batch[name] = tf.where(wide, batch[name], tf.zeros_like(batch[name]))
        batch[name + MASK_SUFFIX] = mask
    return batch


def _warp(frames, settings, draw):
    """Crop, mirror and rotation of all frames `(T, H, W, 3)` in one projective transform."""
    height, width = (float(size) for size in frames.shape[1:3])
    zoom = 1 - settings.crop * tf.abs(draw[0])
    mirror = tf.where(tf.abs(draw[1]) < settings.flip, -1.0, 1.0)
    angle = math.radians(settings.rotation_deg) * draw[2]
    cos, sin = zoom * tf.cos(angle), zoom * tf.sin(angle)
    centre_x = (width - 1) / 2 + (1 - zoom) * (width - 1) / 2 * draw[3]
    centre_y = (height - 1) / 2 + (1 - zoom) * (height - 1) / 2 * draw[4]
    middle_x, middle_y = (width - 1) / 2, (height - 1) / 2
    row_x = [mirror * cos, -sin]
    row_y = [mirror * sin, cos]
    transform = tf.stack(
        [
            *row_x,
            centre_x - row_x[0] * middle_x - row_x[1] * middle_y,
            *row_y,
            centre_y - row_y[0] * middle_x - row_y[1] * middle_y,
            0.0,
            0.0,
        ]
    )
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=frames,
        transforms=transform[None],
        output_shape=frames.shape[1:3],
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="REFLECT",
    )


def _recolour(frames, strength, draw):
    """Brightness, contrast and saturation of all frames `(T, H, W, 3)` by one draw."""
    if not strength:
        return frames
    pixels = tf.cast(frames, tf.float32)
    grey = tf.reduce_mean(pixels, axis=-1, keepdims=True)
    pixels = grey + (pixels - grey) * (1 + strength * draw[0])
    middle = tf.reduce_mean(grey)
    pixels = middle + (pixels - middle) * (1 + strength * draw[1]) + 255 * strength * draw[2] / 2
    return tf.cast(tf.clip_by_value(tf.round(pixels), 0, 255), tf.uint8)


def _shift(sound, mask, offset):
    """Moves sound `(T, S)` later by `offset` samples; a step stays where most of it is covered."""
    shape = tf.shape(sound)
    covered = tf.repeat(mask, shape[1])  # (T * S,)
    at = tf.range(shape[0] * shape[1]) - offset
    inside = (at >= 0) & (at < tf.size(covered))
    at = tf.clip_by_value(at, 0, tf.size(covered) - 1)
    covered = inside & tf.gather(covered, at)
    moved = tf.where(covered, tf.gather(tf.reshape(sound, [-1]), at), 0.0)
    share = tf.reduce_mean(tf.cast(tf.reshape(covered, shape), tf.float32), axis=1)  # (T,)
    mask = share >= 0.5
    return tf.where(mask[:, None], tf.reshape(moved, shape), 0.0), mask
