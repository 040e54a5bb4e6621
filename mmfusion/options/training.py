"""What a training is, whatever corpus it reads and whatever is made of it."""

import dataclasses

from mmfusion.data.augmentation import Augmentation
from mmfusion.options.names import RecipeName, StrategyName
from mmfusion.options.network import Network
from mmfusion.options.optimisation import Optimisation
from mmfusion.options.schema import nested
from mmfusion.options.scoring import Scoring


@dataclasses.dataclass(frozen=True, kw_only=True)
class Training:
    """Training.

    Args:
        recipe: str. Settings that belong together: those of the book, of lips or of voices.
        seed: int. Same seed, same numbers on one machine.
        seeds: int. How often all is trained, each time from the next seed.
        strategy: str. Where it runs; auto takes all workers, TPUs or GPUs that there are.
        network: Network.
        optimisation: Optimisation.
        augmentation: Augmentation.
        scoring: Scoring.
    """

    recipe: RecipeName = "default"
    seed: int = 0
    seeds: int = 1
    strategy: StrategyName = "auto"
    network: Network = nested(Network)
    optimisation: Optimisation = nested(Optimisation)
    scoring: Scoring = nested(Scoring)
    augmentation: Augmentation = nested(Augmentation, prefix="augment_")

    def __post_init__(self) -> None:
        if self.seeds < 1:
            raise ValueError(f"`seeds` must be at least 1. Received: seeds={self.seeds}")
        if self.optimisation.fine_tune and not self.network.text_encoder:
            raise ValueError(
                "`fine_tune` needs a `text_encoder` to train. "
                f"Received: fine_tune={self.optimisation.fine_tune}, text_encoder=None"
            )
