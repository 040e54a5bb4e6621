"""The embedded corpus: films whose class is three bits, one each in motion, audio and words."""

import itertools
from pathlib import Path

import numpy as np

from mmfusion.data.corpus_size import CorpusSize
from mmfusion.data.manifest import write_manifest
from mmfusion.media.write import write_audio, write_video
from mmfusion.specs import Clip

SECONDS, FPS, SIZE_PX, SAMPLE_RATE_HZ = 2.0, 16, 64, 16_000
MOTIONS, SOUNDS, WORDS = ("walk", "run"), ("hum", "siren"), ("calm", "alarm")
VOCABULARY = {
    "calm": ("fine", "quiet", "gentle", "easy", "calm", "safe", "pleasant", "slow"),
    "alarm": ("help", "danger", "hurry", "stop", "fire", "police", "trouble", "quick"),
    "either": (
        "the",
        "a",
        "man",
        "here",
        "today",
        "now",
        "we",
        "see",
        "it",
        "is",
        "and",
        "there",
        "you",
        "over",
        "street",
        "they",
    ),
}
BITS = list(itertools.product(MOTIONS, SOUNDS, WORDS))
CLASSES = sorted("-".join(bits) for bits in BITS)
CEILINGS = {1: 0.25, 2: 0.5, 3: 1.0}


def make_corpus(folder: str | Path, size: CorpusSize = CorpusSize(), *, seed: int = 0) -> Path:
    """Writes the corpus: H.264 and AAC in MP4, SubRip captions, and `manifest.csv`.

    A figure circles at walking or running pace; a hum or a siren is heard; calm or alarmed words
    are spoken. Where the circle lies, its direction, colours, pitch, loudness, noise and the other
    words are drawn at random, whatever the class. A test scene crosses its two films, two
    soundtracks and two texts, so one modality cannot score more than 25 %, two 50 %, three 100 %.

    Args:
        folder: Path of the folder to write.
        size: CorpusSize.
        seed: int. Same seed, same files.

    Returns:
        Path of the manifest. Its rows name the `split`, and the scene as `group`.
    """
    folder = Path(folder)
    (folder / "clips").mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    clips = []
    for split, scenes in (("train", size.train), ("val", size.val), ("test", size.test)):
        for scene in range(scenes):
            clips += _scene(folder / "clips", f"{split}{scene:03d}", split, rng)
    clips += [_broken(folder / "clips", at, rng) for at in range(size.broken)]
    write_manifest(folder / "manifest.csv", clips)
    return folder / "manifest.csv"


def _scene(folder, scene, split, rng):
    """Eight clips, one of each class. Those of a test scene share two of everything."""
    shared = [_parts(bits, rng) for bits in zip(MOTIONS, SOUNDS, WORDS, strict=True)]
    for at, bits in enumerate(BITS):
        if split == "test":
            chosen = [MOTIONS.index(bits[0]), SOUNDS.index(bits[1]), WORDS.index(bits[2])]
            parts = [shared[pick][part] for part, pick in enumerate(chosen)]
        else:
            parts = list(_parts(bits, rng))
        if split == "train" and rng.random() < 1 / 6:
            parts[rng.integers(3)] = None
        yield _write_clip(folder, f"{scene}_{at}", parts, "-".join(bits), scene, split)


def _parts(bits, rng):
    motion, sound, words = bits
    return draw_figure(motion, rng), draw_audio(sound, rng), draw_words(words, rng)


def draw_figure(motion: str, rng: np.random.Generator) -> np.ndarray:
    """Frames of a figure that circles at walking or running pace.

    Args:
        motion: str. `"walk"` or `"run"`.
        rng: numpy Generator.

    Returns:
        uint8 array `(frames, H, W, 3)`.
    """
    count = round(SECONDS * FPS)
    pace = rng.uniform(0.1, 0.2) if motion == "walk" else rng.uniform(0.5, 0.8)
    angle = (
        rng.uniform(0, 2 * np.pi) + rng.choice([-1, 1]) * pace * 2 * np.pi * np.arange(count) / FPS
    )
    radius = SIZE_PX * rng.uniform(0.18, 0.28)
    centre = SIZE_PX * rng.uniform(0.4, 0.6, size=2)
    x = centre[0] + radius * np.cos(angle)[:, None, None]
    y = centre[1] + radius * np.sin(angle)[:, None, None]
    ground = rng.integers(20, 90, size=3) + rng.normal(0, 6, size=(SIZE_PX, SIZE_PX, 1))
    rows, columns = np.mgrid[:SIZE_PX, :SIZE_PX]
    head = (columns - x) ** 2 + (rows - y + 7) ** 2 < 9
    body = ((columns - x) / 3.5) ** 2 + ((rows - y) / 6) ** 2 < 1  # (frames, H, W)
    coat = rng.integers(120, 256, size=3)
    frames = np.where((head | body)[..., None], coat, ground)
    return np.clip(frames, 0, 255).astype(np.uint8)


def draw_audio(sound: str, rng: np.random.Generator) -> np.ndarray:
    """Samples of a steady hum or of a two-tone siren, in noise.

    Args:
        sound: str. `"hum"` or `"siren"`.
        rng: numpy Generator.

    Returns:
        float32 array `(samples,)` in [-1, 1].
    """
    time_s = np.arange(round(SECONDS * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    pitch_hz = np.full(time_s.shape, rng.uniform(350, 900))
    if sound == "siren":
        turns = np.floor(time_s * rng.uniform(2.5, 4.5) + rng.uniform(0, 2))
        pitch_hz *= np.where(turns % 2, 1.35, 1.0)
    tone = np.sin(2 * np.pi * np.cumsum(pitch_hz) / SAMPLE_RATE_HZ)
    noise = rng.normal(0, rng.uniform(0.02, 0.1), size=time_s.shape)
    return (rng.uniform(0.1, 0.4) * (tone + noise)).astype(np.float32)


def draw_words(words: str, rng: np.random.Generator) -> str:
    """Two timed captions, calm or alarmed.

    Args:
        words: str. `"calm"` or `"alarm"`.
        rng: numpy Generator.

    Returns:
        str, the content of an `.srt` file.
    """
    cues = []
    for number, start_s in enumerate((0.1, 1.1), start=1):
        spoken = [*rng.choice(VOCABULARY["either"], 3), rng.choice(VOCABULARY[words])]
        line = " ".join(rng.permutation(spoken))
        start_ms = round(1000 * (start_s + rng.uniform(0, 0.2)))
        cues.append(f"{number}\n{_clock(start_ms)} --> {_clock(start_ms + 600)}\n{line}\n")
    return "\n".join(cues)


def _clock(milliseconds):
    return f"00:00:{milliseconds // 1000:02d},{milliseconds % 1000:03d}"


def _write_clip(folder, name, parts, label, scene, split):
    """Writes the parts that there are; audio without video is a WAV file."""
    frames, samples, captions = parts
    files = {}
    if frames is not None:
        files["video"] = folder / f"{name}.mp4"
        write_video(files["video"], frames, fps=FPS, samples=samples, sample_rate_hz=SAMPLE_RATE_HZ)
    elif samples is not None:
        files["audio"] = folder / f"{name}.wav"
        write_audio(files["audio"], samples, SAMPLE_RATE_HZ)
    if captions is not None:
        files["transcript"] = folder / f"{name}.srt"
        files["transcript"].write_text(captions, encoding="utf-8")
    return Clip(id=name, label=label, group=scene, split=split, **files)


def _broken(folder, at, rng):
    """A file that is empty, is text, or was cut; in turn."""
    name = f"broken{at:03d}"
    clip = _write_clip(folder, name, _parts(BITS[at % 8], rng), CLASSES[at % 8], name, "train")
    content = clip.video.read_bytes()
    clip.video.write_bytes((b"", b"This is not a video.\n" * 40, content[:300])[at % 3])
    return clip
