import pytest

from mmfusion.pretrained.weights import WeightFile, Weights


def test_named_after_the_last_part():
    assert WeightFile("a/b/c.bin", 3, "0").name == "c.bin"


@pytest.mark.parametrize(("sizes", "total"), [((), 0), ((3,), 3), ((3, 4), 7)])
def test_size(sizes, total):
    weights = Weights(
        name="a",
        task="",
        registry="user",
        files=tuple(WeightFile(f"{size}.bin", size, "0") for size in sizes),
        licence="",
        origin="",
        note="",
    )
    assert weights.size_bytes == total
