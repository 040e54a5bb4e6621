"""Chapter 2: data, its cleaning and its features."""

from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from mmfusion.book.chapter_4 import fusion_features
from mmfusion.data.manifest import read_manifest
from mmfusion.data.prepare import prepare
from mmfusion.data.preprocessor import preprocessor
from mmfusion.data.records import Records
from mmfusion.data.split import split
from mmfusion.data.vocabulary import vocabulary
from mmfusion.features.colour import extract_colour
from mmfusion.features.texture import extract_texture
from mmfusion.layers.audio.log_mel import LogMel
from mmfusion.layers.text.tokens import split_words
from mmfusion.media.audio import read_audio
from mmfusion.media.video import read_video
from mmfusion.specs import Clip, ClipSpec


def load_data(manifest: str | Path, *, label: str = "label") -> list[Clip]:
    """Chapter 2: the clips of a manifest. See `mm.data.read_manifest`."""
    return read_manifest(manifest, label=label)


def preprocess_data(
    clips: Sequence[Clip], folder: str | Path, *, spec: ClipSpec | None = None, seed: int = 0
) -> tuple[dict[str, Records], keras.Model]:
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


def extract_video_features(
    path: str | Path, *, size_px: int = 112
) -> tuple[np.ndarray, np.ndarray]:
    """Chapter 2: colour and texture of every frame of a video.

    Args:
        path: Path of a video file.
        size_px: int. Height and width the frames are brought to.

    Returns:
        Tuple of float32 features `(T, D)` and float64 times in seconds `(T,)`.

    Raises:
        DecodeError: if the file cannot be read.
        ValueError: if it holds no video.
    """
    video = read_video(path, size_px=size_px)
    if video is None:
        raise ValueError(f"A file with video is needed. Received: {path}")
    return fusion_features(
        extract_colour(video.frames), extract_texture(video.frames)
    ), video.times_s


def extract_audio_features(
    path: str | Path, *, sample_rate_hz: int = 16_000, mel_bins: int = 64
) -> np.ndarray:
    """Chapter 2: log-mel spectrogram of a file's audio, a hundred frames a second.

    Args:
        path: Path of an audio or video file.
        sample_rate_hz: int. What the audio is resampled to.
        mel_bins: int. Mel bands F.

    Returns:
        float32 array `(frames, F)`.

    Raises:
        DecodeError: if the file cannot be read.
        ValueError: if it holds no audio.
    """
    audio = read_audio(path, sample_rate_hz)
    if audio is None:
        raise ValueError(f"A file with audio is needed. Received: {path}")
    hop = sample_rate_hz // 100
    samples = audio.samples[: len(audio.samples) // hop * hop].reshape(1, -1, hop)
    layer = LogMel(sample_rate_hz, mel_bins, frames=1)
    return layer(samples, np.ones(samples.shape[:2], bool)).numpy()[0, :, 0]


def extract_text_features(texts: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """Chapter 2: tf-idf of texts, split into words as the Preprocessor splits them.

    Args:
        texts: sequence of N str.

    Returns:
        Tuple of a float array `(N, V)` and the V words.
    """
    words = {text: [word.decode() for word in split_words([text]).to_list()[0]] for text in texts}
    vectoriser = TfidfVectorizer(analyzer=words.__getitem__)
    return vectoriser.fit_transform(texts).toarray(), vectoriser.get_feature_names_out().tolist()
