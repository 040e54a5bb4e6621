"""Branches by the names that options take, for each modality of clips."""

import functools

from mmfusion import branches
from mmfusion.apps.runs.word_branch import word_branch

BRANCHES = {
    "audio": {
        "conv_lstm": branches.conv_lstm,
        "crnn": branches.crnn,
        "mel_cnn": branches.mel_cnn,
    },
    "video": {
        "conv2d": branches.conv2d,
        "conv2plus1d": branches.conv2plus1d,
        "conv3d": branches.conv3d,
        "lip_reading": branches.lip_reading,
        "motion_maps": branches.motion_maps,
        "sequential_cnn": branches.sequential_cnn,
        "two_stream": branches.two_stream,
    },
}


def check_branches(names, modalities):
    """Raises a `ValueError` unless each modality is looked at and has a branch of that name."""
    for modality, name in names.items():
        if modality not in BRANCHES or modality not in modalities:
            some = sorted(BRANCHES.keys() & set(modalities))
            raise ValueError(f"`branches` must name some of {some}. Received: {modality!r}")
        known = sorted(BRANCHES[modality])
        if name not in known:
            raise ValueError(f"`branches.{modality}` must be one of {known}. Received: {name!r}")


def chosen_branches(clips, words, spec, options):
    """The branches that stand in place of the default ones.

    Args:
        clips: Sequence of `Clip`, the readable ones to train on.
        words: Sequence of str, the vocabulary.
        spec: ClipSpec.
        options: Options of `mmfusion train`.

    Returns:
        dict of modality to branch.
    """
    named = {
        modality: functools.partial(BRANCHES[modality][name], units=options.units)
        for modality, name in options.branches.items()
    }
    return named | word_branch(clips, words, spec, options)
