"""One file is one command, end to end: run(options) and table(result)."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    rooms=[
        "baseline",
        "compare",
        "crossval",
        "demo",
        "doctor",
        "ensemble",
        "evaluate",
        "export",
        "features",
        "predict",
        "prepare",
        "train",
        "tune",
    ],
)
