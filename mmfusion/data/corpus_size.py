"""How large the embedded corpus is."""

import dataclasses


@dataclasses.dataclass(frozen=True)
class CorpusSize:
    """How many clips `make_corpus` writes.

    Args:
        train: int. Training scenes, eight clips each. One clip in six lacks a modality.
        val: int. Validation scenes, eight clips each.
        test: int. Test scenes, each all eight pairings of two films, soundtracks and texts.
        broken: int. Files that cannot be read, among the training clips.
    """

    train: int = 60
    val: int = 12
    test: int = 25
    broken: int = 6
