import json

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from mmfusion.features.tfidf import TfIdf, fit_tfidf

TEXTS = ["fire in the hall", "no fire here", "the hall is calm calm", "", "着火 快 跑"]


@pytest.mark.parametrize("longest", [1, 2, 3])
def test_equals_scikit_learn(longest):
    peer = TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, longest))
    expected = peer.fit_transform(TEXTS).toarray()
    tfidf = fit_tfidf(TEXTS, longest=longest)
    assert tfidf.vocabulary == tuple(peer.get_feature_names_out())
    np.testing.assert_allclose(tfidf(TEXTS), expected, rtol=1e-6)
    new = ["a new fire", "calm Calm hall", "nothing known"]
    np.testing.assert_allclose(tfidf(new), peer.transform(new).toarray(), rtol=1e-6)


def test_none_one_and_empty_texts():
    tfidf = fit_tfidf(["fire"])
    assert tfidf([]).shape == (0, 1)
    np.testing.assert_array_equal(tfidf(["fire", "", "calm"]), [[1], [0], [0]])
    assert tfidf([""]).dtype == np.float32


def test_size_and_fewest():
    assert fit_tfidf(TEXTS, longest=1, size=1).vocabulary == ("calm",)
    assert fit_tfidf(TEXTS, longest=1, fewest=2).vocabulary == ("fire", "hall", "the")


def test_rare_words_take_no_place_of_common_ones():
    texts = ["rare rare rare rare fire", "fire hall", "the hall fire", "the"]
    settings = {"token_pattern": r"\S+", "min_df": 2, "max_features": 2}
    theirs = TfidfVectorizer(**settings).fit(texts).get_feature_names_out()
    found = fit_tfidf(texts, longest=1, fewest=2, size=2).vocabulary
    assert found[0] == theirs[0] == "fire"
    assert "rare" not in {*found, *theirs}
    assert len(found) == len(theirs) == 2


def test_travels_as_json():
    tfidf = fit_tfidf(TEXTS)
    assert TfIdf.from_dict(json.loads(json.dumps(tfidf.to_dict()))) == tfidf


def test_a_novel_in_one_cell():
    assert fit_tfidf(["fire now " * 100_000])(["fire"]).shape == (1, 4)


@pytest.mark.parametrize(
    ("texts", "settings", "message"),
    [
        ([], {}, "`texts` must hold at least one word"),
        (["", " "], {}, "`texts` must hold at least one word"),
        (["fire"], {"longest": 0}, "`longest` must be at least 1"),
        (["fire"], {"size": 0}, "`size` must be at least 1"),
        (["fire"], {"fewest": 0}, "`fewest` must be at least 1"),
        (["fire"], {"fewest": 2}, "Received: 0 words"),
    ],
)
def test_bad_settings(texts, settings, message):
    with pytest.raises(ValueError, match=message):
        fit_tfidf(texts, **settings)


def test_bad_weights():
    with pytest.raises(ValueError, match="`vocabulary` and `weights`"):
        TfIdf(("a",), ())
