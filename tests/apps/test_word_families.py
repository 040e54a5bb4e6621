import numpy as np
import pytest

from mmfusion.apps.word_families import WORD_FAMILIES
from mmfusion.preprocessing.text_cleaning import TextCleaning


@pytest.mark.parametrize("name", WORD_FAMILIES)
def test_rows_for_all_texts(name):
    vectors = WORD_FAMILIES[name](["Fire! FIRE!", "", "no fire"], TextCleaning())
    assert len(vectors) == 3
    assert vectors.dtype == np.float32
    assert not vectors[1].any()
    assert vectors[0].any()


@pytest.mark.parametrize("name", WORD_FAMILIES)
@pytest.mark.parametrize("texts", [[], [""], ["!!!", "..."]])
def test_no_words(name, texts):
    assert WORD_FAMILIES[name](texts, TextCleaning()).shape[0] == len(texts)
