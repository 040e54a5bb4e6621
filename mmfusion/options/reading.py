"""Builds an options dataclass from a recipe, a JSON file and flags, each going before the last."""

import dataclasses
import difflib
import types
import typing
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from mmfusion.files import read_json
from mmfusion.options.recipes import RECIPES
from mmfusion.options.schema import Setting, settings

Path_ = tuple[str, ...]


def read_options(cls: type, path: str | Path | None = None, **flags: Any) -> Any:
    """Builds the options of a command.

    Args:
        cls: The options dataclass.
        path: Path of a JSON file with some of its fields, or `None`: by name, as `"loss"`, or by
            group, as `{"optimisation": {"loss": "focal"}}`.
        **flags: Fields by name; one that is `None` was not given. They go before the file's, and
            the file's before those of the `recipe` that either names.

    Returns:
        An instance of `cls`.

    Raises:
        ValueError: if the file is not an object, a name is unknown (the nearest is named), a value
            does not fit, or a required one is missing.
    """
    content = read_json(path) if path else {}
    if not isinstance(content, dict):
        raise ValueError(f"{path}: expected an object of options. Received: {content!r:.40}")
    known = settings(cls)
    values = placed(known, content)
    values |= placed(known, {name: value for name, value in flags.items() if value is not None})
    recipe = values.get(("recipe",), "default")
    _named("recipe", recipe, RECIPES)
    return build(cls, placed(known, RECIPES[recipe]) | values)


def placed(known: Iterable[Setting], fields: dict[str, Any]) -> dict[Path_, Any]:
    """Fields by their places in the groups of an options dataclass.

    Args:
        known: The settings of the dataclass.
        fields: dict of field name to value, or of group name to such a dict.

    Returns:
        dict of place to value.

    Raises:
        ValueError: if a name is unknown.
    """
    by_name = {setting.name: setting.path for setting in known}
    places = {setting.path: setting for setting in known}
    groups = {path[:at] for path in places for at in range(1, len(path))}
    found: dict[Path_, Any] = {}

    def walk(inside: Path_, fields: dict[str, Any]) -> None:
        for name, value in fields.items():
            path = (*inside, *name.split("."))
            if path in places:
                found[path] = value
            elif path in groups and isinstance(value, dict):
                walk(path, value)
            elif not inside and name in by_name:
                found[by_name[name]] = value
            else:
                raise ValueError(f"Unknown option {name!r}{did_you_mean(name, by_name)}")

    walk((), fields)
    return found


def build(cls: type, values: dict[Path_, Any], inside: Path_ = ()) -> Any:
    """Builds an options dataclass, and the groups in it, from values by their places."""
    fields = {}
    kinds: dict[str, Any] = typing.get_type_hints(cls)
    for name, kind in kinds.items():
        place = (*inside, name)
        if dataclasses.is_dataclass(kind):
            fields[name] = build(cast(type, kind), values, place)
        elif place in values:
            value = values[place]
            fields[name] = tuple(value) if isinstance(value, list) else value
            check_value(name, fields[name], kind)
    required = {
        field.name
        for field in dataclasses.fields(cls)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }
    missing = sorted(required - fields.keys())
    if missing:
        raise ValueError(f"`{missing[0]}` is required. Received: none")
    return cls(**fields)


def check_value(name: str, value: Any, kind: Any) -> None:
    """Raises a `ValueError` unless a value is of the annotated kind; an int does for a float."""
    union = isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union
    kinds = typing.get_args(kind) if union else (kind,)
    origins = {typing.get_origin(each) or each: each for each in kinds}
    if typing.Literal in origins and not (value is None and type(None) in origins):
        _named(name, value, typing.get_args(origins[typing.Literal]))
    elif isinstance(value, tuple | dict) and type(value) in origins:
        inner = typing.get_args(origins[type(value)])
        for each in value.values() if isinstance(value, dict) else value:
            check_value(name, each, inner[1] if isinstance(value, dict) else inner[0])
    elif type(value) not in origins and not (type(value) is int and float in origins):
        expected = " or ".join(each.__name__ for each in origins).replace("NoneType", "null")
        raise ValueError(f"`{name}` must be {expected}. Received: {value!r}")


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """`; did you mean 'fusion'?`, or nothing where no name is near."""
    nearest = difflib.get_close_matches(str(name), list(known), n=1, cutoff=0.5)
    return f"; did you mean {nearest[0]!r}?" if nearest else ""


def _named(name: str, value: Any, known: Iterable[str]) -> None:
    if value not in known:
        choices = ", ".join(known)
        raise ValueError(
            f"`{name}` must be one of {choices}. Received: {value!r}{did_you_mean(value, known)}"
        )
