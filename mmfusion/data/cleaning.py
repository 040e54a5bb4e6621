"""Cleaning of aligned clips by name, so that a spec can carry it from preparing to serving."""

import cv2
import numpy as np

from mmfusion.preprocessing.cropping import crop_letterbox
from mmfusion.preprocessing.denoising import denoise_bilateral, denoise_median, denoise_nlmeans
from mmfusion.preprocessing.filters import high_pass, pre_emphasise
from mmfusion.preprocessing.loudness import normalise_loudness
from mmfusion.preprocessing.low_light import correct_gamma, equalise_light
from mmfusion.preprocessing.sound_denoising import denoise_gate, denoise_wiener
from mmfusion.preprocessing.stabilisation import stabilise
from mmfusion.preprocessing.text_cleaning import TextCleaning

RUMBLE_HZ = 80.0


def _letterbox(frames):
    """Cuts bars off and brings frames back to their size."""
    height, width = frames.shape[1:3]
    return np.stack([cv2.resize(frame, (width, height)) for frame in crop_letterbox(frames)])


OF_FRAMES = {
    "bilateral": denoise_bilateral,
    "gamma": correct_gamma,
    "letterbox": _letterbox,
    "light": equalise_light,
    "median": denoise_median,
    "nlmeans": denoise_nlmeans,
    "stabilise": stabilise,
}
OF_SOUND = {
    "emphasis": lambda samples, rate_hz: pre_emphasise(samples),
    "gate": denoise_gate,
    "loudness": normalise_loudness,
    "rumble": lambda samples, rate_hz: high_pass(samples, rate_hz, RUMBLE_HZ),
    "wiener": denoise_wiener,
}
OF_WORDS = {
    "plain": TextCleaning(),
    "plain-zh": TextCleaning(language="zh"),
    "stems": TextCleaning(stop_words=True, stems=True),
}
STEPS = {"audio": OF_SOUND, "text": OF_WORDS, "video": OF_FRAMES}


def check_cleaning(names):
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


def clean(tensors, spec):
    """Cleans an aligned clip by the steps that its spec names, in their order.

    What a mask calls absent is neither read nor written. Words that cleaning leaves nothing of
    become absent.

    Args:
        tensors: dict of aligned arrays `(T, ...)` and their masks, as `align` gives them.
        spec: ClipSpec.

    Returns:
        dict of arrays of the same shapes.

    Raises:
        ValueError: if `spec.cleaning` names an unknown step.
    """
    check_cleaning(spec.cleaning)
    tensors = dict(tensors)
    for name in spec.cleaning:
        modality, _, step = name.partition(".")
        if modality in spec.modalities and tensors[f"{modality}_mask"].any():
            CLEANERS[modality](tensors, STEPS[modality][step], spec)
    return tensors


def clean_text(text, names):
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


def _clean_sound(tensors, step, spec):
    mask = tensors["audio_mask"]
    cleaned = step(tensors["audio"].reshape(-1), spec.sample_rate_hz)
    tensors["audio"] = cleaned.reshape(tensors["audio"].shape) * mask[:, None]


def _clean_words(tensors, step, spec):
    tensors["text"] = np.array([step(text) for text in tensors["text"]], object)
    tensors["text_mask"] = tensors["text"] != ""


CLEANERS = {"audio": _clean_sound, "text": _clean_words, "video": _clean_frames}
