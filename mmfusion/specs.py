"""The two nouns everything else speaks of: a `Clip`, and the `ClipSpec` it is aligned to."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MODALITIES = ("audio", "text", "video")
MEL_HOP_S = 0.010
# What names of tensors beside `<modality>` end in.
MASK_SUFFIX = "_mask"
PIECES_SUFFIX = "_pieces"  # ids of the subword tokens of the texts of a modality, under its mask
SENTENCES_SUFFIX = "_sentences"  # vectors of these texts
SEQUENCE = "sequence"  # number of the sequence that a clip of a batch belongs to


def scope_name(name: str) -> str:
    """A name of layers and tensors for a modality of any name.

    TensorFlow takes ASCII letters, digits and underscores; anything else is spelt by its number.

    Args:
        name: str. As `"audio"` or `"深度"`.

    Example:

    >>> [scope_name(name) for name in ("audio", "深度", "heart rate", "_x")]
    ['audio', 'u6df1u5ea6', 'heartu20rate', 'm_x']
    """
    safe = re.sub(r"[^A-Za-z0-9_]", lambda found: f"u{ord(found[0]):x}", name)
    return safe if safe[:1].isalnum() else f"m{safe}"


@dataclasses.dataclass(frozen=True)
class Clip:
    """One row of a manifest. Any modality may be `None`.

    Args:
        id: str. Unique within the manifest.
        video: Path of a video file; its sound track is the clip's audio unless `audio` is set.
        audio: Path of an audio file.
        text: str. Words without times.
        transcript: Path of timed words, as `mm.media.read_captions` reads them, or of plain ones.
        label: str. The class.
        group: str. The source that must not straddle a split (camera, speaker, original video).
        split: str. `"train"`, `"val"` or `"test"` where the manifest says so.
        start_s: float. Where the clip starts in its files.
        end_s: float. Where the clip ends in its files.
        transcribed: bool. Whether its `transcript` is machine-made.

    Raises:
        ValueError: if the clip has no modality, or ends before it starts.
    """

    id: str
    video: Path | None = None
    audio: Path | None = None
    text: str | None = None
    transcript: Path | None = None
    label: str | None = None
    group: str | None = None
    split: str | None = None
    start_s: float = 0.0
    end_s: float | None = None
    transcribed: bool = False

    def __post_init__(self) -> None:
        if not any((self.video, self.audio, self.text, self.transcript)):
            raise ValueError(
                "A clip needs one of `video`, `audio`, `text`, `transcript`. "
                f"Received: none (id={self.id!r})"
            )
        end_s = math.inf if self.end_s is None else self.end_s
        if not 0 <= self.start_s < end_s:
            raise ValueError(
                "`start_s` must be at least 0 and before `end_s`. "
                f"Received: start_s={self.start_s}, end_s={self.end_s} (id={self.id!r})"
            )


@dataclasses.dataclass(frozen=True)
class ClipSpec:
    """The time grid and the shapes of an aligned clip.

    A clip is cut into `steps` equal steps; every modality has one value for each step.

    Args:
        seconds: float. Length of the clip. What is longer is cut, what is shorter is masked.
        steps: int. Steps T.
        size_px: int. Height H and width W of a frame.
        sample_rate_hz: int. Of the audio.
        mel_bins: int. Mel bands F of the log-mel spectrogram.
        tokens: int. Tokens L of a step; words beyond are cut.
        vocabulary_size: int. Most token ids, padding and the unknown word included.
        modalities: tuple of str, kept sorted.
        cleaning: tuple of str, as `"video.median"`. Steps that clips are cleaned by, in this order,
            when they are prepared and when they are served; what the graph can do is done there.

    Raises:
        ValueError: if a field is out of range.

    Example:

    >>> spec = ClipSpec(seconds=2.0, steps=16, size_px=112)
    >>> spec.samples
    2000
    >>> spec.aligned_shapes["video"]
    (16, 112, 112, 3)
    >>> spec.ready_shapes["audio"]
    (16, 12, 64)
    """

    seconds: float = 2.0
    steps: int = 16
    size_px: int = 112
    sample_rate_hz: int = 16_000
    mel_bins: int = 64
    tokens: int = 32
    vocabulary_size: int = 8_192
    modalities: tuple[str, ...] = MODALITIES
    cleaning: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.seconds < math.inf:
            raise ValueError(f"`seconds` must be positive. Received: seconds={self.seconds}")
        for field in ("steps", "size_px", "sample_rate_hz", "mel_bins", "tokens"):
            if getattr(self, field) < 1:
                raise ValueError(
                    f"`{field}` must be at least 1. Received: {field}={getattr(self, field)}"
                )
        if self.vocabulary_size < 2:
            raise ValueError(
                "`vocabulary_size` must be at least 2 (padding and the unknown word). "
                f"Received: vocabulary_size={self.vocabulary_size}"
            )
        if not self.modalities or not set(self.modalities) <= set(MODALITIES):
            raise ValueError(
                f"`modalities` must be some of {MODALITIES}. Received: modalities={self.modalities}"
            )
        object.__setattr__(self, "modalities", tuple(sorted(set(self.modalities))))
        object.__setattr__(self, "cleaning", tuple(self.cleaning))

    @property
    def step_s(self) -> float:
        """Length of a step in seconds."""
        return self.seconds / self.steps

    @property
    def samples(self) -> int:
        """Samples S of a step."""
        return max(1, round(self.step_s * self.sample_rate_hz))

    @property
    def mel_frames(self) -> int:
        """Spectrogram frames P of a step, about 10 ms each."""
        return max(1, int(self.step_s / MEL_HOP_S + 1e-9))

    @property
    def step_times_s(self) -> list[float]:
        """Middle of each step in seconds, a list of T."""
        return [(t + 0.5) * self.step_s for t in range(self.steps)]

    @property
    def aligned_shapes(self) -> dict[str, tuple[int, ...]]:
        """Shapes of an aligned clip by modality: what records hold and exports take."""
        shapes = {
            "audio": (self.steps, self.samples),
            "text": (self.steps,),
            "video": (self.steps, self.size_px, self.size_px, 3),
        }
        return {name: shapes[name] for name in self.modalities}

    @property
    def ready_shapes(self) -> dict[str, tuple[int, ...]]:
        """Shapes of a preprocessed clip by modality: output of the Preprocessor, input of branches.

        Video has four channels: red, green, blue in [-1, 1] and five times the change of brightness
        since the step before. Audio is log-mel. Text is token ids, 0 for padding and 1 for the
        unknown word.
        """
        shapes = {
            "audio": (self.steps, self.mel_frames, self.mel_bins),
            "text": (self.steps, self.tokens),
            "video": (self.steps, self.size_px, self.size_px, 4),
        }
        return {name: shapes[name] for name in self.modalities}

    def to_dict(self) -> dict[str, Any]:
        """The fields as JSON can hold them."""
        lists = {"modalities": list(self.modalities), "cleaning": list(self.cleaning)}
        return {**dataclasses.asdict(self), **lists}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> ClipSpec:
        """The inverse of `to_dict`. An unknown field is a `TypeError`."""
        return cls(**{**fields, "modalities": tuple(fields.get("modalities", MODALITIES))})
