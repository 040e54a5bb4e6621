"""The quickest corpora there are, and quick options for them."""

import pytest

from mmfusion.options.reading import read_options
from tests.apps import corpora

STILL = (  # nothing of a row is varied
    "feature_noise",
    "sequence_noise",
    "feature_gain",
    "warp",
    "image_shift",
    "modality_dropout",
    "word_dropout",
)
QUICK = {
    "units": 4,
    "epochs": 1,
    "learning_rate": 0.03,
    **{f"augment_{name}": 0.0 for name in STILL},
}
FOR_CLIPS = {"modalities": ("text",), "steps": 2}


@pytest.fixture
def word_clips(tmp_path):
    """Writes a manifest of clips of words alone, as many of each of two classes; gives its path."""
    return lambda pairs: str(
        corpora.write_words(tmp_path / "manifest.jsonl", 2 * pairs, groups=2 * pairs)
    )


@pytest.fixture(scope="session")
def quick(tmp_path_factory):
    """Makes the options of a quick training on any corpus; clips are cached for the session."""
    cache = str(tmp_path_factory.mktemp("prepared"))

    def make(cls, manifest, out, **flags):
        clips = {**FOR_CLIPS, "cache": cache} if str(manifest).endswith(".jsonl") else {}
        flags = {**QUICK, **clips, **flags}
        return read_options(cls, manifest=str(manifest), out=str(out), **flags)

    return make
