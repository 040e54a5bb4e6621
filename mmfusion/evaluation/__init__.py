"""What a model scores, what each modality earns, and whether the score leaks."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    rooms=["plots"],
    ablation=["ablation"],
    attention=["attention", "plot_attention"],
    calibration=["calibration", "temperature"],
    leak=["leak"],
    leaderboard=["leaderboard", "leaderboard_page", "leaderboard_plot"],
    learning_curve=["learning_curve"],
    opinion_pool=["opinion_weights"],
    page=["page"],
    paired=["fold_interval", "fold_test"],
    report=["Report", "report"],
    threshold=["called", "threshold"],
)
