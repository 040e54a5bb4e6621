import pytest

from mmfusion.data.reading import Reading


@pytest.mark.parametrize("field", ["frames_hz", "size_px", "sample_rate_hz", "longest_s"])
@pytest.mark.parametrize("value", [0, -1, float("inf")])
def test_everything_is_positive(field, value):
    with pytest.raises(ValueError, match=f"`{field}` must be positive"):
        Reading(**{field: value})
