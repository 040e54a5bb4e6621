"""How a model is trained: loss, optimiser, schedule, mixtures, precision."""

import dataclasses

from mmfusion import defaults
from mmfusion.options.names import LossName, MixName, OptimizerName, PrecisionName, ScheduleName


@dataclasses.dataclass(frozen=True, kw_only=True)
class Optimisation:
    """Optimisation.

    Args:
        epochs: int. At most so many.
        patience: int. Epochs without a better loss before training stops: of validation, or of
            training where fewer than 50 clips validate.
        batch_size: int. Clips, rows or sequences of a training step; 16 clips or sequences, 32 rows
            of arrays, or all where they are fewer, if not given.
        learning_rate: float. The highest one.
        find_learning_rate: bool. Take the one that a learning-rate range test suggests; its plot
            goes into the run.
        loss: str. What is minimised.
        label_smoothing: float. Share of each label that is spread over all classes.
        gamma: float. Focus of the focal loss.
        balance_classes: bool. Weigh classes by their effective number of clips.
        balance_presence: bool. Weigh clips so that which modalities are present does not predict
            the label.
        optimizer: str. What makes the steps.
        weight_decay: float. Decoupled.
        momentum: float. Of sgd and rmsprop.
        nesterov: bool. Of sgd.
        clip_norm: float. Largest norm of the gradient, all weights together.
        gradient_accumulation_steps: int. Batches whose gradients make one step.
        ema_momentum: float. Of a moving average of the weights, which is then kept.
        schedule: str. How the learning rate goes.
        warmup: float. Share of the steps in which the rate of cosine rises.
        mix: str. Mixtures of training clips.
        mix_alpha: float. Of the Beta distribution of their shares.
        precision: str. What layers compute in.
        snapshots: int. Models kept on the way, each at the end of a cycle.
        average_epochs: int. The last epochs whose weights are averaged at the end (SWA).
        fine_tune: int. Extra epochs in which the text encoder learns as well, slowly.
    """

    epochs: int = defaults.EPOCHS
    patience: int = defaults.PATIENCE
    batch_size: int | None = None
    learning_rate: float = defaults.LEARNING_RATE
    find_learning_rate: bool = False
    loss: LossName = "cross_entropy"
    label_smoothing: float = 0.0
    gamma: float = 2.0
    balance_classes: bool = True
    balance_presence: bool = True
    optimizer: OptimizerName = "adamw"
    weight_decay: float = defaults.WEIGHT_DECAY
    momentum: float = 0.9
    nesterov: bool = False
    clip_norm: float | None = defaults.CLIP_NORM
    gradient_accumulation_steps: int = 1
    ema_momentum: float | None = None
    schedule: ScheduleName = "cosine"
    warmup: float = defaults.WARMUP
    mix: MixName | None = None
    mix_alpha: float = 0.2
    precision: PrecisionName = "float32"
    snapshots: int = 0
    average_epochs: int = 0
    fine_tune: int = 0

    def __post_init__(self) -> None:
        least = {
            "epochs": 1,
            "patience": 1,
            "gradient_accumulation_steps": 1,
            "snapshots": 0,
            "average_epochs": 0,
            "fine_tune": 0,
        }
        for name, bound in least.items():
            value = getattr(self, name)
            if value < bound:
                raise ValueError(f"`{name}` must be at least {bound}. Received: {name}={value}")
