import numpy as np
import pytest

from mmfusion.features.embeddings import count_unknown, embedding_matrix, encode
from mmfusion.features.word_vectors import load_word_vectors


@pytest.fixture
def vectors(tmp_path):
    """GloVe's format; BERT and FastText are tried in the tests of their own files."""
    (tmp_path / "v.txt").write_text("fire 1 2\nnow 3 4.5\n\u706b 8 8\n", encoding="utf-8")
    return load_word_vectors(tmp_path / "v.txt")


@pytest.mark.parametrize(
    ("texts", "encoded", "unknown"),
    [
        ([], np.zeros((0, 2)), (0, 0)),
        ([""], [[0, 0]], (0, 0)),
        (["Fire, NOW."], [[2, 3.25]], (0, 2)),
        (["fire dragon", "dragon", "\u706b"], [[1, 2], [0, 0], [8, 8]], (2, 4)),
        ([["fire", "Now"], "fire", []], [[1, 2], [1, 2], [0, 0]], (1, 3)),
        (["a " * 50_000 + "fire"], [[1, 2]], (50_000, 50_001)),
    ],
)
def test_means_of_known_words_by_hand(vectors, texts, encoded, unknown, caplog):
    with caplog.at_level("INFO"):
        found = encode(vectors, texts)
    np.testing.assert_allclose(found, encoded)
    assert found.dtype == np.float32
    assert count_unknown(vectors, texts) == unknown
    assert "{} of {} words have no vector".format(*unknown) in caplog.text


def test_matrix_by_hand(vectors, caplog):
    with caplog.at_level("INFO"):
        matrix = embedding_matrix(vectors, ["now", "new", "fire"], 6)
    assert matrix.shape == (6, 2)
    np.testing.assert_allclose(matrix[[0, 2, 4]], [[0, 0], [3, 4.5], [1, 2]])
    assert 0 < np.abs(matrix[3]).max() < 1
    assert "1 of 3 words have no vector" in caplog.text


@pytest.mark.parametrize(
    ("vocabulary", "size", "rows"), [([], None, 2), (["dragon"], None, 3), (["now", "fire"], 3, 3)]
)
def test_rows_that_fit(vectors, vocabulary, size, rows):
    matrix = embedding_matrix(vectors, vocabulary, size)
    assert (matrix.shape, matrix.dtype) == ((rows, 2), np.float32)
    assert np.isfinite(matrix).all()
