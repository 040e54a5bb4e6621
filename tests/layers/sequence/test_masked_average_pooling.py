"""One vector from the steps at which any modality is present."""

import numpy as np
import pytest

from mmfusion.layers.sequence.masked_average_pooling import MaskedAveragePooling


@pytest.mark.parametrize(
    ("audio", "video", "expected"),
    [
        ([False, False, False], [False, False, False], 0.0),
        ([False, True, False], [False, False, False], 2.0),
        ([False, True, False], [True, True, False], (1 + 2 * np.e) / (1 + np.e)),
    ],
)
def test_pools_where_anything_is_present(audio, video, expected):
    masks = {"audio": np.array([audio]), "video": np.array([video])}
    pooled = MaskedAveragePooling()(np.array([[[1.0], [2.0], [np.nan]]]), masks)
    np.testing.assert_allclose(pooled, [[expected]], rtol=1e-6)
