"""What a model scores, what each modality earns, and whether the score leaks."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    rooms=["plots"],
    ablation=["ablation"],
    calibration=["calibration"],
    leak=["leak"],
    page=["page"],
    report=["Report", "report"],
)
