"""The fields of an options dataclass, with the flag, the choices and the help of each."""

import dataclasses
import inspect
import re
import types
import typing
from typing import Any

CLIPS, ARRAYS = "clips", "arrays"


@dataclasses.dataclass(frozen=True)
class Setting:
    """One field that can be set.

    Args:
        path: tuple of str. Its place, as `("optimisation", "loss")`.
        name: str. Its name as a flag and in a file, as `loss`.
        kind: type. The annotation.
        default: The value if it is not set; `dataclasses.MISSING` where it must be.
        help: str. What it means, from the `Args:` of its dataclass.
        panel: str. Title of its group.
        positional: bool. Whether the command takes it by its place.
        applies_to: str. `"clips"` or `"arrays"` where it is of no use to the other, or `None`.
    """

    path: tuple[str, ...]
    name: str
    kind: Any
    default: Any
    help: str
    panel: str
    positional: bool = False
    applies_to: str | None = None

    @property
    def flag(self) -> str:
        """As it is typed; a name that Python keeps for itself ends in a low line, as `from_`."""
        return "--" + self.name.strip("_").replace("_", "-")

    @property
    def choices(self) -> tuple[str, ...]:
        """The values of a field that takes some of a few names."""
        return tuple(
            value
            for inner in (self.kind, *_flat_args(self.kind))
            if typing.get_origin(inner) is typing.Literal
            for value in typing.get_args(inner)
        )


def positional(**kwargs: Any) -> Any:
    """A field that a command takes by its place."""
    return dataclasses.field(metadata={"positional": True}, **kwargs)


def only_for(kind: str, default: Any = dataclasses.MISSING, **kwargs: Any) -> Any:
    """A field that only clips, or only arrays, have a use for."""
    return dataclasses.field(default=default, metadata={"applies_to": kind}, **kwargs)


def nested(cls: type, *, prefix: str = "", applies_to: str | None = None) -> Any:
    """A field that holds a group of fields, whose flags may have a prefix."""
    metadata = {"prefix": prefix, "applies_to": applies_to}
    return dataclasses.field(default_factory=cls, metadata=metadata)


def settings(cls: type) -> list[Setting]:
    """The settings of an options dataclass and of the groups in it, in order.

    Args:
        cls: The dataclass.

    Returns:
        List of Setting.
    """
    return list(_walk(cls, path=(), prefix="", applies_to=None, panel="Options"))


def summary(cls: type) -> str:
    """The first sentence of a class's docstring."""
    return (inspect.getdoc(cls) or "").split("\n\n")[0].replace("\n", " ")


def _walk(cls, *, path, prefix, applies_to, panel):
    hints, texts = typing.get_type_hints(cls), _arguments(cls)
    for field in dataclasses.fields(cls):
        kind, place = hints[field.name], (*path, field.name)
        only = field.metadata.get("applies_to") or applies_to
        if dataclasses.is_dataclass(kind):
            inner = prefix + field.metadata.get("prefix", "")
            title = summary(kind).rstrip(".")
            yield from _walk(kind, path=place, prefix=inner, applies_to=only, panel=title)
            continue
        yield Setting(
            path=place,
            name=prefix + field.name,
            kind=kind,
            default=_default(field),
            help=texts.get(field.name, ""),
            panel=panel,
            positional=field.metadata.get("positional", False),
            applies_to=only,
        )


def _default(field):
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def _arguments(cls):
    """The descriptions in the `Args:` of a dataclass and of those it inherits from."""
    found = {}
    for parent in reversed(cls.__mro__[:-1]):
        text = inspect.cleandoc(parent.__doc__ or "")
        _, _, rest = text.partition("\nArgs:\n")
        for name, meaning in re.findall(r"^ {4}(\w+): ((?:.|\n {5,})*)", rest, re.MULTILINE):
            _, _, meaning = " ".join(meaning.split()).partition(". ")  # the type stands first
            found[name] = meaning
    return found


def _flat_args(kind):
    for inner in typing.get_args(kind):
        if isinstance(inner, types.GenericAlias | types.UnionType) or typing.get_args(inner):
            yield inner
            yield from _flat_args(inner)
