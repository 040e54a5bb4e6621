"""A clip read by numpy and PyAV alone: the text of this file goes into the card of every export.

It shows where steps, samples and masks come from. It reads the whole file and has no limits; what
reads files that are not trusted is `mm.data.align`.
"""

import itertools

import av
import numpy as np


def read_clip(path: str, spec: dict, text: str = "", start_s: float = 0.0) -> dict:
    """Reads the tensors that the model takes, as a batch of one clip.

    Args:
        path: str. A video or audio file.
        spec: dict. The `spec` of the card.
        text: str. Words that go with it; they stand in step 0.
        start_s: float. Start of the clip, counted from that of the file's earliest stream.

    Returns:
        dict of arrays by the names of the card's `inputs`.
    """
    steps, step_s = spec["steps"], spec["seconds"] / spec["steps"]
    inputs = {}
    if "video" in spec["modalities"]:
        inputs["video"], inputs["video_mask"] = _video(path, start_s, steps, step_s, spec)
    if "audio" in spec["modalities"]:
        inputs["audio"], inputs["audio_mask"] = _audio(path, start_s, steps, step_s, spec)
    if "text" in spec["modalities"]:
        inputs["text"] = np.array([text] + [""] * (steps - 1), object)
        inputs["text_mask"] = inputs["text"] != ""
    return {name: value[None] for name, value in inputs.items()}


def _video(path, start_s, steps, step_s, spec):
    """The frame on screen at the middle of each step, RGB, upright, stretched to a square."""
    size_px = spec["size_px"]
    frames, mask = np.zeros((steps, size_px, size_px, 3), np.uint8), np.zeros(steps, bool)
    images, times_s, end_s = [], [], 0.0
    with av.open(path) as container:
        zero_s = _earliest_s(container) + start_s
        for frame in container.decode(video=0) if container.streams.video else ():
            image = frame.reformat(size_px, size_px, "rgb24", interpolation="AREA").to_ndarray()
            images.append(np.rot90(image, round(frame.rotation / 90)))
            times_s.append(float(frame.time) - zero_s)
            end_s = times_s[-1] + float(frame.duration * frame.time_base)
            if times_s[-1] > spec["seconds"]:
                break
    if images:
        middles_s = (np.arange(steps) + 0.5) * step_s
        shown = np.searchsorted(times_s, middles_s + 1e-6, side="right") - 1
        mask = (middles_s >= times_s[0] - step_s / 2) & (middles_s <= end_s)
        mask[0] |= not mask.any() and end_s > 0  # shorter than half a step
        frames[mask] = np.stack(images)[np.maximum(shown[mask], 0)]
    return frames, mask


def _audio(path, start_s, steps, step_s, spec):
    """Samples in [-1, 1], the mean of all channels; a step is there if half of it is."""
    rate_hz = spec["sample_rate_hz"]
    size = max(1, round(step_s * rate_hz))
    samples, covered = np.zeros(steps * size, np.float32), np.zeros(steps * size, bool)
    with av.open(path) as container:
        zero_s = _earliest_s(container) + start_s
        resampler = av.AudioResampler("fltp", rate=rate_hz)
        decoded = container.decode(audio=0) if container.streams.audio else ()
        frames = itertools.chain(decoded, [None])  # None brings out what the filter holds back
        for block in itertools.chain.from_iterable(map(resampler.resample, frames)):
            at = round((float(block.time) - zero_s) * rate_hz) + np.arange(block.samples)
            inside = (at >= 0) & (at < len(samples))
            samples[at[inside]] = block.to_ndarray().mean(axis=0)[inside]
            covered[at[inside]] = True
            if at[0] >= len(samples):
                break
    mask = covered.reshape(steps, size).mean(axis=1) >= 0.5
    return samples.reshape(steps, size) * mask[:, None], mask


def _earliest_s(container):
    timed = [stream for stream in container.streams if stream.start_time is not None]
    return float(min((stream.start_time * stream.time_base for stream in timed), default=0))
