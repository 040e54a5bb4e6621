"""The command: its verbs, the call of an app, the output and the exit codes."""

import contextlib
import dataclasses
import importlib
import inspect
import json
import logging
import os
import signal
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer

from mmfusion.cli.parameters import parameter, parsed
from mmfusion.cli.verbs import VERBS
from mmfusion.options.checks import check_options
from mmfusion.options.reading import read_options
from mmfusion.options.schema import settings, summary
from mmfusion.safe_text import safe_text

OK, FAILED, USAGE, QUARANTINED, BY_SIGNAL = 0, 1, 2, 3, 128
ENDING = [signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else [])]
FILE, JSON = "options", "json"
File = Annotated[str | None, typer.Option(help="JSON file of options.", metavar="FILE")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout.")]

app = typer.Typer(
    help="Raw clips with audio and words in, predictions out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main() -> None:
    """Runs the command and turns errors into one line on stderr and an exit code."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_SafeFormatter("%(message)s"))
    logging.basicConfig(handlers=[handler])
    logging.getLogger("mmfusion").setLevel(logging.INFO)
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as under nohup
            signal.signal(number, _terminate)
    try:
        app(prog_name="mmfusion")
    except (ValueError, FileNotFoundError) as error:
        _fail(error, USAGE)
    except (ImportError, RuntimeError, OSError, MemoryError) as error:
        _fail(error, FAILED)


class _SafeFormatter(logging.Formatter):
    """Keeps foreign names from forging lines or showing passwords."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        return safe_text(super().formatMessage(record))


def perform(name: str, given: dict[str, Any]) -> None:
    """Fills the options of a verb, runs its app and prints the result.

    Args:
        name: str. The verb.
        given: dict of parameter to what typer read.

    Raises:
        typer.Exit: with 3 where some rows were quarantined, 1 where `problems` were found.
    """
    as_json, file = given.pop(JSON), given.pop(FILE, None)
    cls, _ = VERBS[name]
    flags = {each.name: parsed(each, given[each.name]) for each in settings(cls)}
    options = read_options(cls, file, **flags)
    check_options(options)  # before the app brings TensorFlow with it
    module = importlib.import_module(f"mmfusion.apps.{name}")
    with contextlib.redirect_stdout(sys.stderr):  # progress is not data
        result = module.run(options)
    text = json.dumps(result, indent=1, ensure_ascii=False) if as_json else module.table(result)
    typer.echo(text)
    rows = result if isinstance(result, list) else result.get("quarantined", ())
    if not getattr(module, "BREAKS_ON_PURPOSE", False):
        _leave([row for row in rows if "kind" in row])
    if isinstance(result, dict) and result.get("problems"):
        raise typer.Exit(FAILED)


def _verb(name: str, cls: type) -> Callable:
    """A function that typer makes a command of: a parameter for each field."""

    def verb(**given: Any) -> None:
        perform(name, given)

    fields = [parameter(setting) for setting in settings(cls)]
    keyword = inspect.Parameter.KEYWORD_ONLY
    if dataclasses.fields(cls):
        fields.append(inspect.Parameter(FILE, keyword, annotation=File, default=None))
    fields.append(inspect.Parameter(JSON, keyword, annotation=AsJson, default=False))
    vars(verb)["__signature__"] = inspect.Signature(fields)
    verb.__annotations__ = {field.name: field.annotation for field in fields}
    verb.__doc__ = summary(cls)
    return verb


def _leave(quarantined: list[dict[str, str]]) -> None:
    """Ends with 3 where some clips could not be read, after naming them on stderr."""
    for row in quarantined:
        name = row.get("id") or row["path"]
        line = safe_text(f"quarantined {name}: {row['kind']}: {row['reason']}")
        typer.echo(line, err=True)
    if quarantined:
        raise typer.Exit(QUARANTINED)


def _fail(error: Exception, code: int) -> None:
    typer.echo(f"mmfusion: {safe_text(error)}", err=True)
    sys.exit(code)


def _terminate(signum: int, frame: object) -> None:
    sys.exit(BY_SIGNAL + signum)


for _name, (_cls, _panel) in VERBS.items():
    app.command(_name, rich_help_panel=_panel)(_verb(_name, _cls))
