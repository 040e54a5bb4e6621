"""What is said in a clip, as one text."""

from mmfusion.media.subtitles import read_captions


def clip_text(clip):
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
    words, _ = read_captions(clip.transcript)
    return " ".join(word.text for word in words)
