import numpy as np
import pytest

from mmfusion.features.embeddings import count_unknown, encode
from mmfusion.features.fasttext import train_fasttext

SENTENCES = [["firefighter", "alarm"], ["no", "fire"]] * 5


def test_unseen_words_have_vectors_by_their_letters():
    vectors = train_fasttext(SENTENCES, units=16, epochs=5)
    known, other = (vectors.similarity("firefighters", word) for word in ("firefighter", "alarm"))
    assert known > other
    (found,) = encode(vectors, ["Firefighters."])
    np.testing.assert_allclose(found, vectors["firefighters"], rtol=1e-6)
    assert count_unknown(vectors, ["firefighters"]) == (0, 1)


def test_same_seed_same_vectors():
    first, again, other = (
        train_fasttext(SENTENCES, units=8, epochs=1, seed=seed).vectors for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0


def test_no_words():
    with pytest.raises(ValueError, match="at least one word"):
        train_fasttext([[], []])
