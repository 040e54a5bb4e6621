"""A corpus of arrays: an `.npz` file, or MELD's CSV file, as the rows of one table."""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any, Self

import keras
import tensorflow as tf

from mmfusion.data.array_batches import array_dataset
from mmfusion.data.array_preprocessor import array_preprocessor
from mmfusion.data.arrays import Arrays, Row
from mmfusion.experiments.corpus import Corpus
from mmfusion.experiments.model import Kind, build_model
from mmfusion.experiments.tables import SCALINGS
from mmfusion.experiments.words import array_texts, vocabulary_of, word_branches
from mmfusion.features.bert import BertEncoder
from mmfusion.options.network import Network


@dataclasses.dataclass(frozen=True)
class ArrayCorpus:
    """Rows of features, sensors, images or words. Implements `Corpus`.

    Args:
        arrays: Arrays.
        options: dict of the options that it was read by, for `description`.
        encoder: BertEncoder that has read its texts, or `None`.
    """

    arrays: Arrays
    options: dict[str, Any]
    encoder: BertEncoder | None = None
    spec: None = None

    @property
    def path(self) -> str:
        return str(self.arrays.path)

    @property
    def rows(self) -> tuple[Row, ...]:
        return self.arrays.clips

    @property
    def modalities(self) -> tuple[str, ...]:
        return tuple(self.arrays.modalities)

    @property
    def ordered(self) -> bool:
        return self.arrays.ordered

    def decode(self, rows: Sequence[Row] | None = None) -> Self:
        return self

    def part(self, rows: Iterable[Row]) -> Arrays:
        return self.arrays.select(rows)

    def only(self, modalities: Sequence[str]) -> Corpus:
        return dataclasses.replace(self, arrays=self.arrays.only(modalities))

    def preprocessor(self, train: Arrays, network: Network) -> keras.Model:
        return array_preprocessor(
            train,
            vocabulary=vocabulary_of(array_texts(train)),
            fit=SCALINGS[network.scaling],
            sentences=self.encoder and self.encoder.vectors,
        )

    def model(
        self, prep: keras.Model, train: Arrays, network: Network, *, classes: int, seed: int
    ) -> keras.Model:
        texts = array_texts(train)
        words = vocabulary_of(texts)
        branches = word_branches(texts, words, network, size=len(words) + 2, seed=seed)
        kind: Kind = "sequences" if train.ordered else "recordings"
        return build_model(prep, network, kind=kind, classes=classes, branches=branches)

    def batches(
        self, part: Arrays, prep: keras.Model | None, *, classes: Sequence[str], **kwargs: Any
    ) -> tf.data.Dataset:
        return array_dataset(part, prep, classes=classes, **kwargs)

    def description(self) -> dict[str, Any]:
        return {**self.options, "spec": None, "ordered": self.ordered}
