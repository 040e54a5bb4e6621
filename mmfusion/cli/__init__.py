"""The command `mmfusion`: a table of verbs, their flags read off the options dataclasses."""

from mmfusion.cli.command import main

__all__ = ["main"]
