import pytest

from mmfusion.training.search_space import first_choice, search_space


def test_choices_and_ranges():
    fields = {"fusion": ["a", "b"], "units": {"low": 2, "high": 4}, "rate": {"low": 0.1, "high": 1}}
    space = {each.name: type(each).__name__ for each in search_space(fields).space}
    assert space == {"fusion": "Choice", "units": "Int", "rate": "Float"}
    assert first_choice(fields) == {"fusion": "a", "units": 2, "rate": 0.1}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        [],
        {"x": []},
        {"x": 3},
        {"x": {"low": 1}},
        {"x": {"low": 1, "high": 2, "step": 1}},
        {"x": {"low": 2, "high": 1}},
        {"x": {"low": 0.0, "high": 1.0, "log": True}},
    ],
)
def test_what_cannot_be_understood(fields):
    with pytest.raises(ValueError, match="Received"):
        search_space(fields)
