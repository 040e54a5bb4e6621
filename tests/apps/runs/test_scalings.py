import numpy as np
import pytest

from mmfusion.apps.runs.scalings import SCALINGS, check_scaling


@pytest.mark.parametrize(
    ("name", "offset", "scale"),
    [("min_max", 0, 8), ("robust", 2, 3.5), ("z_score", 3, np.sqrt(9.5))],
)
def test_by_hand(name, offset, scale):
    check_scaling(name)
    scaling = SCALINGS[name]([np.array([[0.0], [1.0], [3.0], [8.0]])])
    np.testing.assert_allclose([*scaling.offset, *scaling.scale], [offset, scale])


def test_an_unknown_name_is_told():
    with pytest.raises(ValueError, match=r"`scaling` must be one of.*'robust'.*Received: 'l2'"):
        check_scaling("l2")
