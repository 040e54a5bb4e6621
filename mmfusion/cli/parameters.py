"""The parameters of a verb, made from the settings of its options dataclass."""

import dataclasses
import inspect
import types
import typing
from typing import Annotated, Any

import typer

from mmfusion.options.schema import Setting

PLAIN = (bool, float, int, str)


def parameter(setting: Setting) -> inspect.Parameter:
    """One setting as a parameter that typer reads.

    A flag that is not given is `None`, so that a file or a recipe can set it; the default that
    holds otherwise is shown in the help.

    Args:
        setting: Setting.

    Returns:
        inspect.Parameter.
    """
    kind = _plain(setting.kind)
    required = setting.default is dataclasses.MISSING
    default = inspect.Parameter.empty if required else None
    if setting.positional:
        several = typing.get_origin(kind) is tuple
        argument = typer.Argument(help=setting.help, metavar=_place(setting), show_default=False)
        taken: Any = list[str] if several else str
        annotation: Any = Annotated[taken if required else taken | None, argument]
        return _parameter(setting.name, annotation, default)
    flag = setting.flag
    option = typer.Option(
        f"{flag}/--no-{flag[2:]}" if kind is bool else flag,
        help=_help(setting),
        metavar=None if kind is bool else _metavar(setting, kind),
        rich_help_panel=setting.panel,
        show_default=False,
    )
    taken = kind if kind in PLAIN else str
    annotation = Annotated[taken if required else taken | None, option]
    return _parameter(setting.name, annotation, default)


def parsed(setting: Setting, value: Any) -> Any:
    """The value of a field from what a flag gave.

    Args:
        setting: Setting.
        value: What typer read: a str for lists as `video,audio` and pairs as `audio=mel_cnn`.

    Returns:
        The value.

    Raises:
        ValueError: if it cannot be read.
    """
    kind = _plain(setting.kind)
    origin = typing.get_origin(kind)
    if value is None or origin is None or not isinstance(value, str):
        return tuple(value) if isinstance(value, list) else value
    parts = [part.strip() for part in value.split(",") if part.strip()]
    flag = setting.flag
    if origin is dict:
        pairs = [[each.strip() for each in part.split("=")] for part in parts]
        if any(len(pair) != 2 for pair in pairs):
            raise ValueError(f"{flag} takes pairs, as audio=mel_cnn. Received: {value!r}")
        return dict(pairs)
    try:
        return tuple(map(float, parts)) if float in typing.get_args(kind) else tuple(parts)
    except ValueError:
        raise ValueError(f"{flag} takes numbers, as 0.25,0.5. Received: {value!r}") from None


def _parameter(name: str, annotation: Any, default: Any) -> inspect.Parameter:
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, annotation=annotation, default=default)


def _plain(kind: Any) -> Any:
    """A kind without `None`; of a few names, `str`."""
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        kind = next(each for each in typing.get_args(kind) if each is not type(None))
    return str if typing.get_origin(kind) is typing.Literal else kind


def _help(setting: Setting) -> str:
    applies = f" Applies to {setting.applies_to}." if setting.applies_to else ""
    several = typing.get_origin(_plain(setting.kind)) in (tuple, dict)
    choices = f" Choices: {', '.join(setting.choices)}." if several and setting.choices else ""
    default = f" Default: {setting.default}." if _is_shown(setting.default) else ""
    return setting.help + choices + applies + default


def _place(setting: Setting) -> str:
    return "|".join(setting.choices) or setting.name.upper()


def _metavar(setting: Setting, kind: Any) -> str:
    origin = typing.get_origin(kind)
    if origin is dict:
        return "NAME=NAME,..."
    if origin is tuple:
        return "NUMBERS" if float in typing.get_args(kind) else "NAMES"
    if setting.choices:
        return f"[{'|'.join(setting.choices)}]"
    return {bool: "", float: "NUMBER", int: "INTEGER"}.get(kind, "TEXT")


def _is_shown(default: Any) -> bool:
    return default is not dataclasses.MISSING and default not in (None, (), {})
