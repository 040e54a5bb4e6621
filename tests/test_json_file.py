import pytest

from mmfusion.json_file import Schema, check_fields
from mmfusion.specs import ClipSpec


class Car(Schema):
    wheels: int
    names: list[str] | None = None
    weight: float | None = None
    spec: ClipSpec | None = None


@pytest.mark.parametrize(
    "content",
    [
        {"wheels": 4},
        {"wheels": 3, "names": ["a", "b"], "weight": 1.5},
        {"wheels": 3, "weight": 1, "spec": ClipSpec(steps=2).to_dict()},
    ],
)
def test_what_fits(content):
    check_fields(content, Car, "car.json")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ([], r"car.json: Input should be an object"),
        (
            {},
            r"car.json: fields are missing or of a wrong type: \['wheels'\]. 'wheels': .*required",
        ),
        ({"wheels": "4"}, r"'wheels': Input should be a valid integer. Received: '4'"),
        ({"wheels": 4.5}, r"'wheels': .*Received: 4.5"),
        ({"wheels": True}, r"'wheels': .*Received: True"),
        ({"wheels": 4, "names": [1]}, r"\['names.0'\]. 'names.0': .*Received: 1"),
        ({"wheels": 4, "names": "abc"}, r"'names': .*Received: 'abc'"),
        ({"wheels": 4, "weight": float("nan")}, "car.json: not JSON"),
        ({"wheels": 4, "a\nb": 1}, r"\['a\\nb'\]. 'a\\nb': Extra inputs"),
        ({"wheels": 4, "spec": {"steps": 0}}, "'spec': `steps` must be at least 1. Received: "),
        ({"wheels": 4, "spec": {"stops": 1}}, r"'spec.stops': Unexpected keyword argument"),
        ({"wheels": "x" * 999}, r"Received: 'x{59}\.\.\.$"),
    ],
)
def test_what_does_not_is_one_line(content, message):
    with pytest.raises(ValueError, match=message) as caught:
        check_fields(content, Car, "car.json")
    assert "\n" not in str(caught.value)


def test_further_fields_where_they_are_allowed():
    check_fields({"wheels": 4, "doors": 2}, Car, "car.json", extra=True)
    with pytest.raises(ValueError, match="'wheels'"):
        check_fields({"doors": 2}, Car, "car.json", extra=True)
    with pytest.raises(ValueError, match=r"'spec\.stops'"):
        check_fields({"wheels": 4, "spec": {"stops": 2}}, Car, "car.json", extra=True)
    with pytest.raises(ValueError, match="object"):
        check_fields(None, Car, "car.json", extra=True)
