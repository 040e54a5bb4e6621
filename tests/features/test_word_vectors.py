import gzip

import numpy as np
import pytest

from mmfusion.features.embeddings import count_unknown, encode
from mmfusion.features.word_vectors import (
    load_word_vectors,
    save_word_vectors,
    train_fasttext,
    train_word2vec,
)

GLOVE = "fire 1 2\nnow 3 4.5\n"


@pytest.mark.parametrize("sentences", [[], [[]]])
def test_no_words(sentences):
    with pytest.raises(ValueError, match="at least one word"):
        train_word2vec(sentences)


def test_same_seed_same_vectors():
    sentences = [["help", "fire"], ["all", "calm"]] * 5
    first, again, other = (train_word2vec(sentences, units=8, seed=seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first["fire"], again["fire"])
    assert (first["fire"] != other["fire"]).any()


def test_words_said_together_come_near():
    rng = np.random.default_rng(0)
    topics = [["fire", "flame", "smoke", "burn"], ["ice", "snow", "frost", "freeze"]]
    sentences = [list(rng.choice(words, 3, replace=False)) for words in topics for _ in range(300)]
    vectors = train_word2vec(sentences, units=8)
    hot, cold = topics
    within = np.mean([vectors.similarity(a, b) for t in topics for a in t for b in t if a != b])
    across = np.mean([vectors.similarity(a, b) for a in hot for b in cold])
    assert within > across + 0.05


@pytest.mark.parametrize("name", ["v.txt", "v.txt.gz", "w2v.txt"])
def test_text_files(tmp_path, name):
    text = f"2 2\n{GLOVE}" if name == "w2v.txt" else GLOVE
    opened = gzip.open if name.endswith("gz") else open
    with opened(tmp_path / name, "wt") as file:
        file.write(text)
    vectors = load_word_vectors(tmp_path / name)
    np.testing.assert_allclose(vectors["now"], [3, 4.5])
    assert len(load_word_vectors(tmp_path / name, limit=1)) == 1


def test_binary_round_trip(tmp_path):
    vectors = train_word2vec([["fire", "now"]], units=4)
    vectors.save_word2vec_format(str(tmp_path / "v.bin"), binary=True)
    np.testing.assert_array_equal(load_word_vectors(tmp_path / "v.bin")["fire"], vectors["fire"])


def test_bad_files(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.txt"):
        load_word_vectors(tmp_path / "none.txt")
    (tmp_path / "v.txt").write_text("this is not\na vector file\n")
    with pytest.raises(ValueError, match=r"v\.txt: not word vectors"):
        load_word_vectors(tmp_path / "v.txt")


SENTENCES = [["fire", "alarm"], ["no", "fire"], ["着火", "alarm"]]


@pytest.mark.parametrize("name", ["a.safetensors", "a.txt", "a.vec"])
def test_what_is_saved_is_loaded(tmp_path, name):
    vectors = train_word2vec(SENTENCES, units=8, epochs=1)
    save_word_vectors(tmp_path / name, vectors)
    again = load_word_vectors(tmp_path / name)
    assert again.index_to_key == vectors.index_to_key
    np.testing.assert_allclose(again.vectors, vectors.vectors, atol=1e-6)
    some = load_word_vectors(tmp_path / name, limit=2)
    assert some.index_to_key == vectors.index_to_key[:2]


def test_safetensors_of_something_else(tmp_path):
    (tmp_path / "a.safetensors").write_bytes(b"not tensors at all")
    with pytest.raises(ValueError, match=r"a.safetensors: not word vectors"):
        load_word_vectors(tmp_path / "a.safetensors")


def test_training_goes_on_from_earlier_vectors():
    first = train_word2vec(SENTENCES, units=8, epochs=1)
    later = train_word2vec([["fire", "drill"]], units=8, epochs=1, start=first)
    assert set(later.index_to_key) == {*first.index_to_key, "drill"}
    np.testing.assert_array_equal(later["no"], first["no"])  # not seen again
    with pytest.raises(ValueError, match="`start` must be of width 4"):
        train_word2vec(SENTENCES, units=4, start=first)


FIRES = [["firefighter", "alarm"], ["no", "fire"]] * 5


def test_unseen_words_have_vectors_by_their_letters():
    vectors = train_fasttext(FIRES, units=16, epochs=5)
    known, other = (vectors.similarity("firefighters", word) for word in ("firefighter", "alarm"))
    assert known > other
    (found,) = encode(vectors, ["Firefighters."])
    np.testing.assert_allclose(found, vectors["firefighters"], rtol=1e-6)
    assert count_unknown(vectors, ["firefighters"]) == (0, 1)


def test_same_seed_same_fasttext():
    first, again, other = (
        train_fasttext(FIRES, units=8, epochs=1, seed=seed).vectors for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).max() > 0


def test_no_words_for_fasttext():
    with pytest.raises(ValueError, match="at least one word"):
        train_fasttext([[], []])
