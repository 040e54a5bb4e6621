import numpy as np
import pytest

from mmfusion.apps.classic.words import WORD_FAMILIES
from mmfusion.preprocessing.text_cleaning import TextCleaning

LABEL_FREE = sorted(set(WORD_FAMILIES) - {"bert"})  # which needs a checkpoint


@pytest.mark.parametrize("name", LABEL_FREE)
def test_rows_for_all_texts(name):
    vectors = WORD_FAMILIES[name](["Fire! FIRE!", "", "no fire"], TextCleaning())
    assert len(vectors) == 3
    assert vectors.dtype == np.float32
    assert not vectors[1].any()
    assert vectors[0].any()


@pytest.mark.parametrize("name", LABEL_FREE)
@pytest.mark.parametrize("texts", [[], [""], ["!!!", "..."]])
def test_no_words(name, texts):
    assert WORD_FAMILIES[name](texts, TextCleaning()).shape[0] == len(texts)


def test_bert_needs_a_checkpoint(tmp_path):
    pytest.importorskip("keras_hub", reason="the extra `bert` is not installed")
    with pytest.raises(FileNotFoundError, match="No checkpoint in this folder"):
        WORD_FAMILIES["bert"](["fire"], TextCleaning(), checkpoint=tmp_path)
