"""What a search may choose: fields of options, each with its choices or its range."""

from collections.abc import Mapping
from typing import Any

import keras_tuner

RANGE = {"low", "high", "log"}


def search_space(fields: Mapping[str, Any]) -> keras_tuner.HyperParameters:
    """The space as keras-tuner takes it.

    Args:
        fields: dict of a field, dotted where it lies within another, to a list of choices, or to a
            dict of `"low"`, `"high"` and, for a range by orders of magnitude, `"log": true`. A
            range between two ints holds ints.

    Returns:
        keras_tuner.HyperParameters.

    Raises:
        ValueError: if there is no field, or one cannot be understood.

    Example:

    >>> space = search_space({"units": [16, 32], "rate": {"low": 1e-4, "high": 1e-2, "log": True}})
    >>> sorted(space.values)
    ['rate', 'units']
    """
    if not isinstance(fields, dict) or not fields:
        raise ValueError(f"A search space needs a field. Received: {fields!r:.40}")
    space = keras_tuner.HyperParameters()
    for name, values in fields.items():
        if isinstance(values, list) and values:
            space.Choice(name, values)
        elif isinstance(values, dict) and {"low", "high"} <= set(values) <= RANGE:
            _add_range(space, name, **values)
        else:
            raise ValueError(
                f"`{name}` must be a list of choices or "
                f'{{"low": ..., "high": ..., "log": true}}. Received: {values!r}'
            )
    return space


def first_choice(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The first choice, or the lower end, of each field: to see whether the fields are known."""
    return {
        name: values[0] if isinstance(values, list) else values["low"]
        for name, values in fields.items()
    }


def _add_range(space, name, low, high, log=False):
    if not low < high or (log and low <= 0):
        raise ValueError(f"`{name}` must rise from low to high. Received: {low} to {high}")
    add = space.Int if isinstance(low, int) and isinstance(high, int) else space.Float
    add(name, low, high, sampling="log" if log else "linear")
