"""What shapes must agree on."""

import pytest

from mmfusion.ops.shapes import common_steps


@pytest.mark.parametrize(
    ("shapes", "steps"),
    [
        ({"audio": (None, 4, 8)}, 4),
        ({"audio": (None, None, 8), "video": (2, None, 3, 3, 4)}, None),
        ({"audio": (2, 4, 8), "video": (2, 4, 3)}, 4),
    ],
)
def test_common_steps(shapes, steps):
    assert common_steps(shapes) == steps


def test_tells_which_differ():
    with pytest.raises(ValueError, match=r"same steps. Received: steps={'a': 4, 'b': 5}"):
        common_steps({"b": (None, 5, 1), "a": (None, 4, 1)})
