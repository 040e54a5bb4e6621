"""What is said in a clip, as one text."""

from mmfusion.media.subtitles import read_captions


def clip_text(clip, *, cleaning=()):
    """The words of a clip, inline or from its transcript.

    Args:
        clip: Clip.
        cleaning: sequence of str, as `ClipSpec.cleaning`. Only steps for text do anything.

    Returns:
        str, "" where there are none.

    Raises:
        DecodeError: if the transcript cannot be read.

    Example:

    >>> clip_text(mm.Clip("a", text="no fire"))
    'no fire'
    """
    text = clip.text or ""
    if clip.transcript is not None:
        words, _ = read_captions(clip.transcript)
        text = " ".join(word.text for word in words)
    if cleaning:
        from mmfusion.data.cleaning import clean_text

        text = clean_text(text, cleaning)
    return text
