"""Which class figures speak of, and the threshold wanted for it."""

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scoring:
    """Scoring.

    Args:
        positive: str. Class that precision, recall, F1 and AUC speak of.
        recall: float. Wanted recall of that class; a threshold is chosen on the validation part.
    """

    positive: str | None = None
    recall: float | None = None

    def __post_init__(self) -> None:
        if self.recall is not None and not (0 < self.recall <= 1 and self.positive):
            raise ValueError(
                "`recall` must be above 0 and at most 1, of the class that `positive` names. "
                f"Received: recall={self.recall}, positive={self.positive}"
            )
