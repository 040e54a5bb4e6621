"""What is trained on is varied and weighted, what validates is not."""

import dataclasses

import numpy as np
import pytest
import tensorflow as tf

from mmfusion.experiments.feed import Feed
from mmfusion.options.optimisation import Optimisation
from mmfusion.options.training import Training

CLASSES = ("a", "b")


@dataclasses.dataclass(frozen=True)
class Part:
    """Some rows, two of three of class "a"."""

    count: int

    @property
    def rows(self):
        steps = {"audio": 1}
        return [
            {"id": str(at), "label": "baa"[at % 3], "group": None, "valid_steps": steps}
            for at in range(self.count)
        ]

    def __len__(self):
        return self.count


class Corpus:
    """Keeps what it is asked for."""

    def __init__(self):
        self.asked = []

    def batches(self, part, prep, **kwargs):
        self.asked.append((len(part), kwargs))
        x, mask = np.ones((len(part), 1, 4), "float32"), np.ones((len(part), 1), bool)
        rows = ({"audio": x, "audio_mask": mask}, np.zeros(len(part), "int32"))
        return tf.data.Dataset.from_tensor_slices(rows).batch(kwargs["batch_size"])


def feed(val=9, train=24):
    return Feed(Corpus(), Part(train), Corpus(), Part(val), None, CLASSES)


def training(**fields):
    return Training(seed=3, optimisation=Optimisation(batch_size=8, **fields))


@pytest.mark.parametrize(("rows", "counts"), [(0, [0, 0]), (1, [0, 1]), (24, [16, 8])])
def test_counts_in_the_order_of_the_classes(rows, counts):
    assert feed(train=rows).counts == counts


@pytest.mark.parametrize("balance", [True, False])
def test_rows_to_train_on_are_varied_and_weighted(balance):
    fed, how = feed(), training(balance_presence=balance)
    assert int(fed.plain(how).cardinality()) == 3
    kwargs = {
        "training": how.augmentation,
        "weights": {str(at): 1.0 for at in range(24)} if balance else None,
        "classes": CLASSES,
        "batch_size": 8,
        "seed": 3,
    }
    assert fed.corpus.asked == [(24, kwargs)]
    assert fed.validation.asked == []


def test_rows_that_validate_are_those_of_their_corpus_as_they_are():
    fed = feed()
    assert sum(y.shape[0] for _, y in fed.validating(training())) == 9
    assert fed.validation.asked == [(9, {"classes": CLASSES, "batch_size": 8, "seed": 3})]
    assert fed.corpus.asked == []


def test_nothing_validates():
    fed = feed(val=0)
    assert fed.validating(training()) is None
    assert fed.judged(training(loss="mse")) is None


@pytest.mark.parametrize(
    ("fields", "shape"), [({}, (8,)), ({"loss": "mse"}, (8, 2)), ({"mix": "mixup"}, (8, 2))]
)
def test_labels_as_the_loss_takes_them(fields, shape):
    fed, how = feed(), training(**fields)
    for batches in (fed.mixed(fed.plain(how), how), fed.judged(how)):
        assert next(iter(batches))[1].shape == shape
    assert next(iter(fed.validating(how)))[1].shape == (8,)
