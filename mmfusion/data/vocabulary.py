"""The words of a corpus, the most frequent first, split as the Preprocessor splits them."""

import collections
from collections.abc import Iterable, Sequence

from mmfusion.data.align import clip_text
from mmfusion.data.cleaning import clean_text
from mmfusion.layers.text.tokens import split_words
from mmfusion.specs import Clip


def sentences(clips: Iterable[Clip], *, cleaning: Sequence[str] = ()) -> list[list[str]]:
    """The words of each clip.

    Args:
        clips: Iterable of `Clip`. Clips without text have an empty list.
        cleaning: sequence of str. That of the spec, so that words are those of the records.

    Returns:
        List of lists of str, lower-case words and Chinese characters.

    Raises:
        DecodeError: if a transcript cannot be read.
    """
    texts = [clean_text(clip_text(clip), cleaning) for clip in clips]
    if not texts:
        return []
    return [[word.decode() for word in words] for words in split_words(texts).to_list()]


def vocabulary(
    clips: Iterable[Clip], size: int = 8_190, *, cleaning: Sequence[str] = ()
) -> list[str]:
    """The words that occur, the most frequent first, equal ones in alphabetical order.

    Args:
        clips: Iterable of `Clip`; only training clips, or the test part leaks.
        size: int. The most words to keep.
        cleaning: sequence of str. That of the spec.

    Returns:
        List of str.

    Example:

    >>> clips = [mm.Clip(id="1", text="No fire."), mm.Clip(id="2", text="Fire.")]
    >>> mm.data.vocabulary(clips)
    ['fire', 'no']
    """
    texts = sentences(clips, cleaning=cleaning)
    counts = collections.Counter(word for words in texts for word in words)
    return sorted(counts, key=lambda word: (-counts[word], word))[:size]
