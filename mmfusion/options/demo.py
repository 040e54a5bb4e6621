"""The options of the commands for a newcomer."""

import dataclasses

from mmfusion.data.corpus_size import CorpusSize
from mmfusion.options.schema import nested


@dataclasses.dataclass(frozen=True, kw_only=True)
class DemoOptions:
    """Make the embedded corpus, train on it, and compare with the scores it allows.

    Args:
        out: str. Folder for the corpus, the run and the export.
        seed: int. Of the corpus and the training.
        epochs: int. Of the training.
        size: CorpusSize.
    """

    out: str = "runs/demo"
    seed: int = 0
    epochs: int = 16
    size: CorpusSize = nested(CorpusSize, prefix="scenes_")


@dataclasses.dataclass(frozen=True, kw_only=True)
class DoctorOptions:
    """Report what this machine has, what it lacks and how to mend it."""
