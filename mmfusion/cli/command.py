"""What all verbs share: the app, the call of a job, the output and the exit codes."""

import contextlib
import importlib
import json
import logging
import os
import signal
import sys

import typer

from mmfusion.cli.arguments import names

LISTS = "cleaning", "fusions", "modalities"
FOR_ARRAYS = "text_encoder", "fine_tune"
FOR_CLIPS = "branches", "noise_db"
OK, FAILED, USAGE, QUARANTINED, TERMINATED = 0, 1, 2, 3, 143

app = typer.Typer(
    help="Raw clips with sound and words in, predictions out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main():
    """Runs the command and turns errors into one line on stderr and an exit code."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    logging.basicConfig(format="%(message)s", stream=sys.stderr)
    logging.getLogger("mmfusion").setLevel(logging.INFO)
    signal.signal(signal.SIGTERM, _terminate)
    try:
        app(prog_name="mmfusion")
    except (ValueError, FileNotFoundError) as error:
        _fail(error, USAGE)
    except (ImportError, RuntimeError, OSError, MemoryError) as error:
        _fail(error, FAILED)


def perform(name, given):
    """Runs one job with the parameters given to its verb; returns what it gives, and its module."""
    job = importlib.import_module(f"mmfusion.apps.{name}")
    from mmfusion.apps.options import read_options

    flags = {flag: value for flag, value in given.items() if flag not in ("options", "as_json")}
    flags |= {flag: names(flags[flag]) for flag in LISTS if flags.get(flag)}
    with contextlib.redirect_stdout(sys.stderr):  # progress is not data
        return job.run(read_options(job.Options, given.get("options"), **flags)), job


def job_for(verb, path, given):
    """The job of a verb for what a path names: arrays have one of their own, and own options."""
    from mmfusion.apps.arrays.corpus import is_arrays

    arrays = is_arrays(path)
    kinds = "clips, not arrays" if arrays else "arrays, not clips"
    for name in FOR_CLIPS if arrays else FOR_ARRAYS:
        if given.get(name) is not None:
            raise ValueError(f"`{name}` is for {kinds}. Received: {path}")
    return f"arrays.{verb}" if arrays else verb


def tell(result, as_json, table):
    """Prints a result: one JSON object, or the text that `table` makes of it."""
    say(json.dumps(result, indent=1, ensure_ascii=False) if as_json else table(result))


def say(text):
    """Prints data to stdout."""
    typer.echo(text)


def leave(quarantined):
    """Ends with 3 where some clips could not be read, after naming them on stderr."""
    for row in quarantined:
        name = row.get("id") or row["path"]
        typer.echo(f"quarantined {name}: {row['kind']}: {row['reason']}", err=True)
    if quarantined:
        raise typer.Exit(QUARANTINED)


def _fail(error, code):
    typer.echo(f"mmfusion: {error}", err=True)
    sys.exit(code)


def _terminate(signum, frame):
    sys.exit(TERMINATED)
