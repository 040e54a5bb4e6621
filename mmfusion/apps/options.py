"""Settings of a job: a frozen dataclass, filled from flags and from a JSON file."""

import dataclasses
import difflib
import types
import typing

from mmfusion.apps.runs.recipes import RECIPES
from mmfusion.files import read_json


def read_options(cls, path=None, **flags):
    """Builds the `Options` of a job.

    Args:
        cls: The dataclass.
        path: Path of a JSON file with some of its fields, or `None`.
        **flags: Fields given directly; one that is `None` was not given. They go before the file's,
            and the file's before those of the `recipe` that either names. A name with dots, as
            `optimisation.loss`, is a field within a field.

    Returns:
        An instance of `cls`.

    Raises:
        ValueError: if the file is not an object, names an unknown field (the nearest is told), or
            gives a value of the wrong type.
    """
    fields = read_json(path) if path else {}
    if not isinstance(fields, dict):
        raise ValueError(f"{path}: expected an object of options. Received: {fields!r:.40}")
    given = {name: value for name, value in flags.items() if value is not None}
    chosen = given.pop("recipe", fields.pop("recipe", "house"))
    if chosen not in RECIPES:
        raise ValueError(f"`recipe` must be one of {sorted(RECIPES)}. Received: {chosen!r}")
    return from_fields(cls, merged(merged(RECIPES[chosen], fields), given))


def merged(fields, further):
    """Fields with further ones over them; dicts are merged, names with dots go inside."""
    result = dict(fields)
    for name, value in further.items():
        name, _, inner = name.partition(".")
        value = {inner: value} if inner else value
        if isinstance(value, dict):
            value = merged(result.get(name) or {}, value)
        result[name] = value
    return result


def from_fields(cls, fields):
    """Builds a dataclass, and those within it, from a dict; what does not fit is a `ValueError`."""
    known = {field.name: field for field in dataclasses.fields(cls)}
    built = {}
    for name, value in fields.items():
        if name not in known:
            nearest = difflib.get_close_matches(name, known, n=1, cutoff=0)
            raise ValueError(f"Unknown option {name!r}; the nearest is {nearest[0]!r}")
        inner = known[name].type
        if dataclasses.is_dataclass(inner) and isinstance(value, dict):
            value = from_fields(inner, value)
        built[name] = tuple(value) if isinstance(value, list) else value
        _check(name, built[name], inner)
    return cls(**built)


def _check(name, value, wanted):
    """Raises unless a value is of the annotated type; an int will do for a float."""
    kinds = typing.get_args(wanted) if isinstance(wanted, types.UnionType) else [wanted]
    kinds = [typing.get_origin(kind) or kind for kind in kinds]
    if type(value) not in kinds and not (type(value) is int and float in kinds):
        told = " or ".join(kind.__name__ for kind in kinds).replace("NoneType", "null")
        raise ValueError(f"`{name}` must be {told}. Received: {value!r}")
