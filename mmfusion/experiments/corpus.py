"""The one interface of a corpus, whether it holds clips, arrays or both."""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, Self, TypeVar

import keras
import tensorflow as tf

from mmfusion.options.network import Network
from mmfusion.specs import ClipSpec


class Row(Protocol):
    """What is known of one row: `Clip` and `mm.data.arrays.Row` both have it."""

    id: str
    label: str | None
    group: str | None
    split: str | None


class Part(Protocol):
    """Some rows whose tensors can be read: `Records` or `Arrays`.

    Attributes:
        rows: list of dict with `id`, `label` and `group`, in the order in which they are scored.
        classes: list of str, the labels that occur.
        quarantined: tuple of dict with `id`, `kind` and `reason`.
    """

    @property
    def rows(self) -> list[dict[str, Any]]: ...

    @property
    def classes(self) -> list[str]: ...

    quarantined: tuple

    def __len__(self) -> int: ...


PartT = TypeVar("PartT", bound=Part)


class Corpus(Protocol[PartT]):
    """Rows with labels and groups, and how their tensors become a model's batches.

    Every command goes the same way: `rows` are split into parts, `decode` makes their tensors,
    `preprocessor` and `model` are built for the part to train on, `batches` feeds them.

    Attributes:
        path: str. The file it was read from.
        rows: tuple of Row, those with a label.
        modalities: tuple of str, sorted.
        spec: ClipSpec of the clips; `None` where there are only arrays.
        ordered: bool. Whether the rows of a group are one sequence.
    """

    @property
    def path(self) -> str: ...

    @property
    def rows(self) -> tuple[Any, ...]: ...

    @property
    def modalities(self) -> tuple[str, ...]: ...

    @property
    def spec(self) -> ClipSpec | None: ...

    @property
    def ordered(self) -> bool: ...

    def decode(self, rows: Sequence[Any] | None = None) -> Self:
        """The corpus with the tensors of its rows, or of some; arrays have them already."""
        ...

    def part(self, rows: Iterable[Any]) -> PartT:
        """Some rows, without those that could not be read."""
        ...

    def only(self, modalities: Sequence[str]) -> "Corpus":
        """The corpus without any other modality."""
        ...

    def preprocessor(self, train: PartT, network: Network) -> keras.Model:
        """The Preprocessor, everything in it fitted to the rows of `train` alone."""
        ...

    def model(
        self, prep: keras.Model, train: PartT, network: Network, *, classes: int, seed: int
    ) -> keras.Model:
        """The model of preprocessed batches; word vectors are those of `train` alone."""
        ...

    def batches(
        self, part: PartT, prep: keras.Model | None, *, classes: Sequence[str], **kwargs: Any
    ) -> tf.data.Dataset:
        """Preprocessed batches `(x, y)` or `(x, y, weight)`.

        Args:
            part: Part.
            prep: keras.Model, or `None` for batches as exports take them.
            classes: sequence of str. The order of the class numbers.
            **kwargs: `batch_size`; `training`, an `Augmentation` to shuffle and vary by; `weights`,
                dict of id to sample weight; `seed`.
        """
        ...

    def description(self) -> dict[str, Any]:
        """What a run must know to read such rows again, as JSON can hold it."""
        ...
