"""Cleaning of aligned clips by name, so that a spec can carry it from preparing to serving."""

from collections.abc import Callable, Mapping, Sequence

import cv2
import numpy as np

from mmfusion.preprocessing.audio_denoising import denoise_gate, denoise_wiener
from mmfusion.preprocessing.cropping import crop_letterbox
from mmfusion.preprocessing.denoising import denoise_bilateral, denoise_median, denoise_nlmeans
from mmfusion.preprocessing.faces import crop_face, crop_mouth
from mmfusion.preprocessing.filters import high_pass, pre_emphasise
from mmfusion.preprocessing.loudness import normalise_loudness
from mmfusion.preprocessing.low_light import correct_gamma, equalise_light
from mmfusion.preprocessing.stabilisation import stabilise
from mmfusion.preprocessing.text_cleaning import TextCleaning
from mmfusion.specs import ClipSpec

RUMBLE_HZ = 80.0


def _filling(crop):
    """A crop whose result is brought back to the size of the frames."""

    def step(frames):
        return _resized(crop(frames), frames.shape[2], frames.shape[1])

    return step


def _resized(frames, width, height):
    """Frames `(T, H, W, 3)` at another size."""
    how = cv2.INTER_AREA if width < frames.shape[2] else cv2.INTER_LINEAR
    return np.stack([cv2.resize(frame, (width, height), interpolation=how) for frame in frames])


OF_FRAMES = {
    "bilateral": denoise_bilateral,
    "face": _filling(crop_face),
    "gamma": correct_gamma,
    "letterbox": _filling(crop_letterbox),
    "light": equalise_light,
    "median": denoise_median,
    "mouth": _filling(crop_mouth),
    "nlmeans": denoise_nlmeans,
    "stabilise": stabilise,
}
OF_AUDIO = {
    "emphasis": lambda samples, rate_hz: pre_emphasise(samples),
    "gate": denoise_gate,
    "loudness": normalise_loudness,
    "rumble": lambda samples, rate_hz: high_pass(samples, rate_hz, RUMBLE_HZ),
    "wiener": denoise_wiener,
}
OF_WORDS: dict[str, Callable] = {
    "plain": TextCleaning(),
    "plain-zh": TextCleaning(language="zh"),
    "stems": TextCleaning(stop_words=True, stems=True),
}
STEPS: dict[str, dict[str, Callable]] = {"audio": OF_AUDIO, "text": OF_WORDS, "video": OF_FRAMES}

IN_GRAPH = ("audio.emphasis", "video.gamma")  # steps that the Preprocessor can do


def check_cleaning(names: Sequence[str]) -> None:
    """Refuses names of cleaning that are not known.

    Args:
        names: sequence of str, `"<modality>.<step>"`.

    Raises:
        ValueError: naming what is known.
    """
    known = sorted(f"{modality}.{step}" for modality, steps in STEPS.items() for step in steps)
    unknown = [name for name in names if name not in known]
    if unknown:
        raise ValueError(f"`cleaning` must be some of {known}. Received: {unknown}")


def part_cleaning(spec: ClipSpec) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Parts the cleaning of a spec into what comes before the Preprocessor and what it does itself.

    Args:
        spec: ClipSpec.

    Returns:
        Tuple of two tuples of str in their order, steps of the spec's modalities alone: those that
        `clean` does, and the last of each modality, as far as they can be done in the graph.

    Example:

    >>> cleaning = ("video.gamma", "audio.gate", "video.median", "audio.emphasis")
    >>> part_cleaning(mm.ClipSpec(cleaning=cleaning))
    (('video.gamma', 'audio.gate', 'video.median'), ('audio.emphasis',))
    """
    before: list[str] = []
    in_graph: list[str] = []
    done_before = set()
    for name in reversed(spec.cleaning):
        modality = name.partition(".")[0]
        if modality not in spec.modalities:
            continue
        if name in IN_GRAPH and modality not in done_before:
            in_graph.append(name)
        else:
            done_before.add(modality)
            before.append(name)
    return tuple(reversed(before)), tuple(reversed(in_graph))


def clean(tensors: Mapping[str, np.ndarray], spec: ClipSpec) -> dict[str, np.ndarray]:
    """Cleans an aligned clip by the steps that its spec names, but for those of the Preprocessor.

    What a mask calls absent is neither read nor written. Words that cleaning leaves nothing of
    become absent. Frames leave with the size of the spec, whatever size they come with.

    Args:
        tensors: dict of aligned arrays `(T, ...)` and their masks, as `align` returns them.
        spec: ClipSpec.

    Returns:
        dict of arrays with the shapes of `spec.aligned_shapes`, and their masks.

    Raises:
        ValueError: if `spec.cleaning` names an unknown step.
    """
    check_cleaning(spec.cleaning)
    tensors = dict(tensors)
    for name in part_cleaning(spec)[0]:
        modality, _, step = name.partition(".")
        if tensors[f"{modality}_mask"].any():
            CLEANERS[modality](tensors, STEPS[modality][step], spec)
    if "video" in tensors and tensors["video"].shape[1] != spec.size_px:
        tensors["video"] = _resized(tensors["video"], spec.size_px, spec.size_px)
    return tensors


def clean_text(text: str, names: Sequence[str]) -> str:
    """Cleans words by those of the named steps that are for text.

    Args:
        text: str.
        names: sequence of str, as `ClipSpec.cleaning`.

    Returns:
        str.

    Raises:
        ValueError: if a name is unknown.

    Example:

    >>> clean_text("<b>Fire!</b>", ["video.median", "text.plain"])
    'fire'
    """
    check_cleaning(names)
    for modality, _, step in (name.partition(".") for name in names):
        text = OF_WORDS[step](text) if modality == "text" else text
    return text


def _clean_frames(tensors, step, spec):
    mask = tensors["video_mask"]
    frames = tensors["video"].copy()
    frames[mask] = step(frames[mask])
    tensors["video"] = frames


def _clean_audio(tensors, step, spec):
    mask = tensors["audio_mask"]
    cleaned = step(tensors["audio"].reshape(-1), spec.sample_rate_hz)
    tensors["audio"] = cleaned.reshape(tensors["audio"].shape) * mask[:, None]


def _clean_words(tensors, step, spec):
    tensors["text"] = np.array([step(text) for text in tensors["text"]], object)
    tensors["text_mask"] = tensors["text"] != ""


CLEANERS = {"audio": _clean_audio, "text": _clean_words, "video": _clean_frames}
