"""One file is one job of the book, end to end: an Options dataclass and run(options)."""

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
