"""The batches that a model is fitted to: those to train and those to validate on."""

import collections
import dataclasses
from collections.abc import Sequence
from typing import Any

import keras
import tensorflow as tf

from mmfusion.data.mix import one_hot
from mmfusion.data.presence_weights import presence_weights
from mmfusion.experiments.corpus import Corpus, Part
from mmfusion.experiments.optimisation import takes_one_hot, training_batches
from mmfusion.options.training import Training
from mmfusion.training.multi_worker import by_clip


@dataclasses.dataclass(frozen=True)
class Feed:
    """Two parts, the corpora that read them, and the Preprocessor that is mapped over both.

    Args:
        corpus: Corpus of the rows to train on.
        train: Part of it.
        validation: Corpus of the rows to validate on.
        val: Part of it; empty where nothing validates.
        prep: keras.Model. The Preprocessor.
        classes: sequence of K str.
    """

    corpus: Corpus
    train: Part
    validation: Corpus
    val: Part
    prep: keras.Model
    classes: Sequence[str]

    @property
    def counts(self) -> list[int]:
        """How many rows to train on each class has, in the order of the classes."""
        found = collections.Counter(row["label"] for row in self.train.rows)
        return [found[name] for name in self.classes]

    def plain(self, how: Training) -> tf.data.Dataset:
        """An epoch of training batches, varied and weighted."""
        weights = presence_weights(self.train.rows) if how.optimisation.balance_presence else None
        kwargs = {"training": how.augmentation, "weights": weights}
        return self._load(self.corpus, self.train, how, **kwargs)

    def mixed(self, plain: tf.data.Dataset, how: Training) -> tf.data.Dataset:
        """The same batches, mixed where that is wanted, for all workers to share."""
        count = len(self.classes)
        return by_clip(training_batches(plain, how.optimisation, count, seed=how.seed))

    def validating(self, how: Training) -> tf.data.Dataset | None:
        """The validation batches; `None` without rows."""
        return by_clip(self._load(self.validation, self.val, how)) if len(self.val) else None

    def judged(self, how: Training) -> tf.data.Dataset | None:
        """The same, their labels as the loss takes them."""
        batches = self.validating(how)
        shares = batches is not None and takes_one_hot(how.optimisation)
        return one_hot(batches, len(self.classes)) if shares else batches

    def _load(self, corpus: Corpus, part: Part, how: Training, **kwargs: Any) -> tf.data.Dataset:
        size = how.optimisation.batch_size
        kwargs |= {"classes": self.classes, "batch_size": size, "seed": how.seed}
        return corpus.batches(part, self.prep, **kwargs)
