"""Random variation of training clips, with masks kept true."""

import math
from collections.abc import Mapping

import tensorflow as tf

from mmfusion.data.augmentation import Augmentation
from mmfusion.data.noise import add_noise
from mmfusion.layers.text.tokens import PADDING, UNKNOWN
from mmfusion.ops.spec_augment import spec_augment
from mmfusion.specs import MASK_SUFFIX, ClipSpec

QUIETEST_DB = 30.0
CLEAN_SHARE = 0.25  # share of the clips that no noise is put under, where it is put under others


def augment_clip(
    clip: Mapping[str, tf.Tensor], spec: ClipSpec, settings: Augmentation, seed: tf.Tensor
) -> dict[str, tf.Tensor]:
    """Varies frames and audio of one aligned clip, and takes modalities away.

    Args:
        clip: dict of tensors as `parse` returns them.
        spec: ClipSpec.
        settings: Augmentation.
        seed: int64 scalar tensor. Same seed, same result.

    Returns:
        Dict like `clip`.
    """
    clip = dict(clip)
    draw = tf.random.stateless_uniform((10,), tf.stack([seed, 0]), -1, 1)
    if "video" in clip and clip["video"].dtype == tf.uint8:  # not the features of a tower
        frames = _warp(clip["video"], settings, draw[:5])
        clip["video"] = _recolour(frames, settings.colour, draw[5:8])
    if "audio" in clip:
        gain = 10 ** (settings.gain_db * draw[8] / 20)
        audio = tf.clip_by_value(clip["audio"] * gain, -1, 1)
        mask = clip["audio" + MASK_SUFFIX]
        offset = tf.cast(tf.round(settings.shift_s * spec.sample_rate_hz * draw[9]), tf.int32)
        clip["audio"], clip["audio" + MASK_SUFFIX] = _shift(audio, mask, offset)
        if settings.noise_db is not None:
            noise = tf.random.stateless_uniform((2,), tf.stack([seed, 3]))
            snr_db = settings.noise_db + noise[0] * (QUIETEST_DB - settings.noise_db)
            snr_db = tf.where(noise[1] < CLEAN_SHARE, math.inf, snr_db)
            clip = add_noise(clip, snr_db, tf.stack([seed, 4]))
    if settings.jitter_steps:
        clip = jitter(clip, settings.jitter_steps, tf.stack([seed, 2]))
    return drop_modalities(clip, settings.modality_dropout, tf.stack([seed, 1]))


def augment_batch(
    batch: Mapping[str, tf.Tensor], settings: Augmentation, seed: tf.Tensor
) -> dict[str, tf.Tensor]:
    """Masks spectrograms and drops words of a preprocessed batch.

    Args:
        batch: dict of tensors as the Preprocessor returns them.
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
    return batch


def drop_modalities(
    clip: Mapping[str, tf.Tensor], rate: float, seed: tf.Tensor
) -> dict[str, tf.Tensor]:
    """Takes whole modalities away at random, never the last one.

    Args:
        clip: dict of tensors by modality `(T, ...)` and their masks `(T,)`.
        rate: float. Chance of each modality that is present.
        seed: int64 tensor `(2,)`.

    Returns:
        Dict like `clip`; what was dropped is zeros with an all-False mask.

    Reference:
        [Neverova et al., 2015](https://arxiv.org/abs/1501.00102)
    """
    names = sorted(name for name in clip if name + MASK_SUFFIX in clip)
    present = tf.stack([tf.reduce_any(clip[name + MASK_SUFFIX]) for name in names])  # (M,)
    draw = tf.where(present, tf.random.stateless_uniform(present.shape, seed), -1.0)
    keep = (draw >= rate) | (draw == tf.reduce_max(draw))
    clip = dict(clip)
    for at, name in enumerate(names):
        clip[name] = _kept(clip[name], keep[at])
        clip[name + MASK_SUFFIX] &= keep[at]
    return clip


def _kept(content, keep):
    return tf.cond(keep, lambda: content, lambda: tf.zeros_like(content))


def _warp(frames, settings, draw):
    """Crop, mirror and rotation of all frames `(T, H, W, 3)`.

    A pixel takes the nearest one, the same in every frame: what stood still does so afterwards.
    """
    height, width = frames.shape[1:3]
    zoom = 1 - settings.crop * tf.abs(draw[0])
    mirror = tf.where(tf.abs(draw[1]) < settings.flip, -1.0, 1.0)
    angle = math.radians(settings.rotation_deg) * draw[2]
    cos, sin = zoom * tf.cos(angle), zoom * tf.sin(angle)
    middle = tf.constant([(height - 1) / 2, (width - 1) / 2])
    centre = middle * (1 + (1 - zoom) * draw[3:5])  # (y, x)
    y, x = tf.meshgrid(tf.range(float(height)), tf.range(float(width)), indexing="ij")
    y, x = y - middle[0], mirror * (x - middle[1])  # (H, W)
    row = _reflect(centre[0] + sin * x + cos * y, height)
    column = _reflect(centre[1] + cos * x - sin * y, width)
    pixels = tf.reshape(frames, (frames.shape[0], height * width, 3))
    at = tf.reshape(row * width + column, [-1])  # (H * W,)
    return tf.reshape(tf.gather(pixels, at, axis=1), frames.shape)


def _reflect(place, size):
    """The nearest whole place, mirrored at the ends into 0 .. size - 1."""
    place = tf.cast(tf.round(place), tf.int32) % (2 * size)
    return tf.minimum(place, 2 * size - 1 - place)


def _recolour(frames, strength, draw):
    """Saturation, contrast and brightness of all frames `(T, H, W, 3)` by one draw."""
    if not strength:
        return frames
    saturation, contrast = 1 + strength * draw[0], 1 + strength * draw[1]
    mix = contrast * (saturation * tf.eye(3) + (1 - saturation) / 3)  # (3, 3)
    pixels = tf.cast(tf.reshape(frames, (-1, 3)), tf.float32)
    shift = (1 - contrast) * tf.reduce_mean(pixels) + 255 * strength * draw[2] / 2
    pixels = tf.clip_by_value(tf.round(pixels @ mix + shift), 0, 255)
    return tf.reshape(tf.cast(pixels, tf.uint8), frames.shape)


def _shift(audio, mask, offset):
    """Moves audio `(T, S)` later by `offset` samples; a step stays where most of it is covered."""
    shape = tf.shape(audio)
    covered = tf.repeat(mask, shape[1])  # (T * S,)
    at = tf.range(shape[0] * shape[1]) - offset
    inside = (at >= 0) & (at < tf.size(covered))
    at = tf.clip_by_value(at, 0, tf.size(covered) - 1)
    covered = inside & tf.gather(covered, at)
    moved = tf.where(covered, tf.gather(tf.reshape(audio, [-1]), at), 0.0)
    share = tf.reduce_mean(tf.cast(tf.reshape(covered, shape), tf.float32), axis=1)  # (T,)
    mask = share >= 0.5
    return tf.where(mask[:, None], tf.reshape(moved, shape), 0.0), mask


def jitter(clip: Mapping[str, tf.Tensor], most: int, seed: tf.Tensor) -> dict[str, tf.Tensor]:
    """Moves all modalities of an aligned clip by the same number of steps.

    Args:
        clip: dict of tensors by modality `(T, ...)` and their masks `(T,)`.
        most: int. Steps to either side at most.
        seed: int64 tensor `(2,)`. Same seed, same result.

    Returns:
        Dict like `clip`. Steps that come in from outside are absent: zeros or "", masks False.
    """
    shift = tf.random.stateless_uniform((), seed, -most, most + 1, tf.int32)
    names = [name for name in clip if name + MASK_SUFFIX in clip]
    steps = clip[names[0] + MASK_SUFFIX].shape[0]
    at = tf.range(steps) - shift  # (T,)
    inside = (at >= 0) & (at < steps)
    at = tf.clip_by_value(at, 0, steps - 1)
    moved = dict(clip)
    for name in names:
        mask = inside & tf.gather(clip[name + MASK_SUFFIX], at)
        content = tf.gather(clip[name], at)
        shape = (steps, *(1,) * (len(content.shape) - 1))
        moved[name] = tf.where(tf.reshape(inside, shape), content, tf.zeros_like(content))
        moved[name + MASK_SUFFIX] = mask
    return moved
