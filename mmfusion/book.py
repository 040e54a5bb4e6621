"""The reference functions of the book by their own names, each a thin door to the library."""

import keras
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from mmfusion.data.manifest import read_manifest
from mmfusion.data.prepare import prepare
from mmfusion.data.preprocessor import preprocessor
from mmfusion.data.split import split
from mmfusion.data.vocabulary import vocabulary
from mmfusion.evaluation.report import report
from mmfusion.features.colour import extract_colour
from mmfusion.features.texture import extract_texture
from mmfusion.fusion.feature import FeatureFusion
from mmfusion.fusion.gated import GatedFusion
from mmfusion.fusion.spatial import SpatialFusion
from mmfusion.fusion.temporal import TemporalFusion
from mmfusion.layers.log_mel import LogMel
from mmfusion.layers.tokens import split_words
from mmfusion.media.audio import read_audio
from mmfusion.media.video import read_video
from mmfusion.models.classifier import classifier
from mmfusion.specs import ClipSpec
from mmfusion.training.callbacks import callbacks


def load_data(manifest, *, label="label"):
    """Chapter 2: the clips of a manifest. See `mm.data.read_manifest`."""
    return read_manifest(manifest, label=label)


def preprocess_data(clips, folder, *, spec=None, seed=0):
    """Chapter 2: decodes, aligns and splits clips 8:1:1.

    Args:
        clips: Sequence of `Clip`.
        folder: Path of the folder for the records.
        spec: ClipSpec; the default one if `None`.
        seed: int. Of the split.

    Returns:
        Dict of the Records `"train"`, `"val"` and `"test"`, and the Preprocessor.
    """
    spec = spec or ClipSpec()
    records = prepare(clips, spec, folder)
    parts = dict(zip(("train", "val", "test"), split(clips, (8, 1, 1), seed=seed), strict=True))
    words = vocabulary(parts["train"], spec.vocabulary_size)
    return {name: records.select(part) for name, part in parts.items()}, preprocessor(
        spec, vocabulary=words
    )


def extract_video_features(path, *, size_px=112):
    """Chapter 2: colour and texture of every frame of a video.

    Args:
        path: Path of a video file.
        size_px: int. Height and width the frames are brought to.

    Returns:
        Tuple of float32 features `(T, D)` and float64 times in seconds `(T,)`.

    Raises:
        DecodeError: if the file cannot be read.
        ValueError: if it holds no picture.
    """
    video = read_video(path, size_px=size_px)
    if video is None:
        raise ValueError(f"A file with a picture is needed. Received: {path}")
    return fusion_features(
        extract_colour(video.frames), extract_texture(video.frames)
    ), video.times_s


def extract_audio_features(path, *, sample_rate_hz=16_000, mel_bins=64):
    """Chapter 2: log-mel spectrogram of a file's sound, a hundred frames a second.

    Args:
        path: Path of a sound or video file.
        sample_rate_hz: int. What the sound is resampled to.
        mel_bins: int. Mel bands F.

    Returns:
        float32 array `(frames, F)`.

    Raises:
        DecodeError: if the file cannot be read.
        ValueError: if it holds no sound.
    """
    sound = read_audio(path, sample_rate_hz)
    if sound is None:
        raise ValueError(f"A file with sound is needed. Received: {path}")
    hop = sample_rate_hz // 100
    samples = sound.samples[: len(sound.samples) // hop * hop].reshape(1, -1, hop)
    layer = LogMel(sample_rate_hz, mel_bins, frames=1)
    return layer(samples, np.ones(samples.shape[:2], bool)).numpy()[0, :, 0]


def extract_text_features(texts):
    """Chapter 2: tf-idf of texts, split into words as the Preprocessor splits them.

    Args:
        texts: sequence of N str.

    Returns:
        Tuple of a float array `(N, V)` and the V words.
    """
    words = {text: [word.decode() for word in split_words([text]).to_list()[0]] for text in texts}
    vectoriser = TfidfVectorizer(analyzer=words.__getitem__)
    return vectoriser.fit_transform(texts).toarray(), vectoriser.get_feature_names_out().tolist()


def extract_color_features(frames):
    """Chapter 4: colour of each frame `(T, H, W, 3)`. See `mm.features.extract_colour`."""
    return extract_colour(frames)


def extract_texture_features(frames):
    """Chapter 4: texture of each frame `(T, H, W, 3)`. See `mm.features.extract_texture`."""
    return extract_texture(frames)


def fusion_features(*features):
    """Chapter 4: features `(N, D_m)` brought to mean 0 and deviation 1, side by side.

    Example:

    >>> fusion_features(np.array([[1.0], [3.0]]), np.array([[5.0], [5.0]]))
    array([[-1.,  0.],
           [ 1.,  0.]], dtype=float32)
    """
    side_by_side = np.concatenate(features, axis=-1)
    deviation = side_by_side.std(axis=0)
    scaled = (side_by_side - side_by_side.mean(axis=0)) / np.where(deviation > 0, deviation, 1)
    return scaled.astype(np.float32)


def simple_concat(*features):
    """Chapter 4: features `(..., D_m)` side by side, `(..., sum of D_m)`."""
    return keras.ops.concatenate(features, axis=-1)


def feature_level_fusion(features, masks, *, units=64):
    """Chapter 4: modalities encoded one by one, then all together. See `FeatureFusion`."""
    return FeatureFusion(units)(features, masks)


def temporal_fusion(features, masks, *, units=64):
    """Chapter 4: modalities fused step by step. See `mm.fusion.TemporalFusion`."""
    return TemporalFusion(units)(features, masks)


def spatial_fusion(features, masks, *, units=64):
    """Chapter 4: modalities fused place by place. See `mm.fusion.SpatialFusion`."""
    return SpatialFusion(units)(features, masks)


def multimodal_fusion(features, masks, *, fusion=None):
    """Chapter 4: any fusion layer on dicts by modality; `GatedFusion(64)` by default."""
    return (fusion or GatedFusion(64))(features, masks)


def align_video_features(features, times_s, *, seconds, steps):
    """Chapter 4: features of frames on a clock of even steps, each the nearest in time.

    Args:
        features: array `(frames, D)`.
        times_s: float array `(frames,)`, ascending.
        seconds: float. Length of the clock.
        steps: int. Steps T of the clock.

    Returns:
        Array `(T, D)`.

    Raises:
        ValueError: if there is no frame, or there are not as many times as frames.

    Example:

    >>> align_video_features(np.array([[1], [2], [3]]), [0.0, 0.5, 0.8], seconds=1.0, steps=2)
    array([[1],
           [3]])
    """
    times_s = np.asarray(times_s)
    if not len(times_s) or len(times_s) != len(features):
        raise ValueError(
            "`times_s` must give a time for each frame, and there must be one. "
            f"Received: {len(features)} frames, {len(times_s)} times"
        )
    middles_s = (np.arange(steps) + 0.5) * seconds / steps
    return np.asarray(features)[np.abs(times_s - middles_s[:, None]).argmin(axis=1)]


def create_model(spec, *, classes, fusion=None):
    """Chapter 5: a classifier compiled as the book does: SGD at 0.001, cross-entropy.

    Args:
        spec: ClipSpec.
        classes: int. Number K of classes.
        fusion: fusion layer; `GatedFusion` by default.

    Returns:
        keras.Model.
    """
    model = classifier(spec, classes=classes, fusion=fusion)
    model.compile(
        optimizer=keras.optimizers.SGD(learning_rate=0.001),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def train_model(model, train, val, *, run, epochs=20):
    """Chapter 5: fits with early stopping into the run folder `run`.

    Returns:
        keras.callbacks.History.
    """
    return model.fit(
        train,
        validation_data=val,
        epochs=epochs,
        callbacks=callbacks(run),
        shuffle=False,
        verbose=0,
    )


def evaluate_model(model, data, *, classes):
    """Chapter 5: accuracy, recall, F1 and the rest. See `mm.evaluation.report`."""
    return report(model, data, classes=classes)


def optimize_model(build, train, val, *, rates=(1e-2, 1e-3, 1e-4), epochs=5):
    """Chapter 5: tries learning rates on fresh models and keeps the best by validation loss.

    Args:
        build: function of nothing to a compiled keras.Model.
        train: Dataset to fit.
        val: Dataset to choose by.
        rates: sequence of float.
        epochs: int. For each rate.

    Returns:
        Tuple of the best model and a dict of rate to its lowest validation loss.

    Raises:
        ValueError: if there is no rate to try.
    """
    if not rates:
        raise ValueError(f"`rates` must name at least one. Received: rates={rates}")
    models, losses = {}, {}
    for rate in rates:
        models[rate] = build()
        models[rate].optimizer.learning_rate = rate
        fitted = models[rate].fit(
            train, validation_data=val, epochs=epochs, shuffle=False, verbose=0
        )
        losses[rate] = min(fitted.history["val_loss"])
    return models[min(losses, key=losses.get)], losses
