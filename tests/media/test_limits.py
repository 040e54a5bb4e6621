import dataclasses

import pytest

from mmfusion.media.limits import Limits


@pytest.mark.parametrize("field", [field.name for field in dataclasses.fields(Limits)])
@pytest.mark.parametrize("value", [0, -1])
def test_limits_must_be_positive(field, value):
    with pytest.raises(ValueError, match=f"`{field}` must be positive. Received: {field}={value}"):
        Limits(**{field: value})
