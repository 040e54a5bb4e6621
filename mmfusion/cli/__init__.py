"""The command `mmfusion`: each verb fills the Options of one job in `apps/` and runs it."""

from mmfusion.cli import begin, clips, models, results, search  # noqa: F401  each adds its verbs
from mmfusion.cli.command import main

__all__ = ["main"]
