"""One time grid: frames, audio and words of a clip cut into the same T steps, with masks."""

import dataclasses

import numpy as np

from mmfusion.media.errors import DecodeError
from mmfusion.media.limits import DEFAULT_LIMITS, Limits
from mmfusion.media.reader import read_media
from mmfusion.media.subtitles import spoken_words
from mmfusion.specs import Clip, ClipSpec

MOST_NOTES = 5
FACE_STEPS = {"video.face", "video.mouth"}
FACE_PX = 288


def align(
    clip: Clip, spec: ClipSpec, limits: Limits = DEFAULT_LIMITS
) -> tuple[dict[str, np.ndarray], list[str]]:
    """Decodes a clip and puts every modality on the spec's time grid.

    The grid starts at `clip.start_s`, counted from the earliest stream of each file, and stops
    where the clip or the spec does, whichever comes first. A step of video is the frame on screen
    at its middle, or another within half a step if that lasts no longer; a video that ends before
    the first middle is one step. A step of audio counts as present when at least half of it is
    covered; a word stands in the step that holds its middle, and words without times in step 0.
    Last come the steps of `spec.cleaning`.

    Args:
        clip: Clip.
        spec: ClipSpec.
        limits: Limits of decoding.

    Returns:
        Tuple of a dict of arrays with the shapes of `spec.aligned_shapes` and their masks `(T,)`,
        and a list of str: what was odd but bearable.

    Raises:
        DecodeError: if a file cannot be read, or nothing is there within the clip's time.
    """
    cleaned, spec = spec, _decoded(spec)
    tensors = _absent(spec)
    notes: list[str] = []
    modalities = set(spec.modalities)
    if clip.video and modalities & {"video", "audio"}:
        wanted = modalities - {"audio"} if clip.audio else modalities
        _place_media(tensors, notes, clip.video, clip, spec, wanted, limits)
    if clip.audio and "audio" in modalities:
        _place_media(tensors, notes, clip.audio, clip, spec, {"audio"}, limits)
    if "text" in modalities:
        _place_words(tensors, notes, clip, spec)
    if not any(tensors[name + "_mask"].any() for name in spec.modalities):
        path = clip.video or clip.audio or clip.transcript or clip.id
        raise DecodeError(
            "empty", path, f"no {' or '.join(spec.modalities)} within the clip's time"
        )
    if spec.cleaning:
        from mmfusion.data.cleaning import clean

        tensors = clean(tensors, cleaned)
    return tensors, notes


def _decoded(spec):
    """The spec to decode by: with larger frames where cleaning cuts a part of the face out."""
    if not set(spec.cleaning) & FACE_STEPS:
        return spec
    return dataclasses.replace(spec, size_px=max(spec.size_px, FACE_PX))


def _absent(spec):
    types = {"audio": np.float32, "text": object, "video": np.uint8}
    tensors = {name: np.zeros(shape, types[name]) for name, shape in spec.aligned_shapes.items()}
    if "text" in tensors:
        tensors["text"][:] = ""
    return tensors | {f"{name}_mask": np.zeros(spec.steps, bool) for name in spec.modalities}


def _steps_within(clip, spec):
    """Steps whose middle lies before the clip's end, bool `(T,)`."""
    length_s = np.inf if clip.end_s is None else clip.end_s - clip.start_s
    return np.array(spec.step_times_s) < length_s


def _place_media(tensors, notes, path, clip, spec, wanted, limits):
    """Fills in what of `wanted` the file holds."""
    within = _steps_within(clip, spec)
    times_s = clip.start_s + np.array(spec.step_times_s)[within]
    media = read_media(
        path,
        times_s=times_s if "video" in wanted else None,
        size_px=spec.size_px,
        window_s=(clip.start_s, clip.start_s + spec.seconds) if "audio" in wanted else None,
        rate_hz=spec.sample_rate_hz,
        limits=limits,
    )
    if media.truncated:
        notes.append(f"{path.name}: truncated, ends before its header says")
    if media.video is not None:
        count = len(times_s)
        shown = times_s <= media.video.end_s
        shown[:1] |= not shown.any()  # shorter than half a step
        mask = media.video.mask & shown
        tensors["video"][:count] = media.video.frames * mask[:, None, None, None]
        tensors["video_mask"][:count] = mask
    if media.audio is not None:
        audio = media.audio
        covered = np.zeros(spec.steps * spec.samples, bool)
        covered[: len(audio.samples)] = audio.covered[: len(covered)]
        mask = covered.reshape(spec.steps, spec.samples).mean(axis=1) >= 0.5
        mask &= within
        samples = np.zeros(spec.steps * spec.samples, np.float32)
        samples[: len(audio.samples)] = audio.samples[: len(samples)]
        tensors["audio"] = samples.reshape(spec.steps, spec.samples) * mask[:, None]
        tensors["audio_mask"] = mask


def _place_words(tensors, notes, clip, spec):
    """Puts timed words where they are spoken, and words without times in step 0."""
    texts = [[] for _ in range(spec.steps)]
    if clip.text and clip.text.strip():
        texts[0].append(clip.text.strip())
    if clip.transcript:
        within = _steps_within(clip, spec)
        words, problems = spoken_words(clip.transcript)
        notes += [f"{clip.transcript.name}: {problem}" for problem in problems[:MOST_NOTES]]
        for word in words:
            step = 0
            if word.start_s is not None:
                middle_s = (word.start_s + word.end_s) / 2 - clip.start_s
                step = int(np.floor(middle_s / spec.step_s))
            if 0 <= step < spec.steps and within[step]:
                texts[step].append(word.text)
    tensors["text"][:] = [" ".join(words) for words in texts]
    tensors["text_mask"] = tensors["text"] != ""


def clip_text(clip: Clip) -> str:
    """The words of a clip, inline or from its transcript.

    Args:
        clip: Clip.

    Returns:
        str, "" where there are none.

    Raises:
        DecodeError: if the transcript cannot be read.

    Example:

    >>> clip_text(mm.Clip("a", text="no fire"))
    'no fire'
    """
    if clip.transcript is None:
        return clip.text or ""
    words, _ = spoken_words(clip.transcript)
    return " ".join(word.text for word in words)
