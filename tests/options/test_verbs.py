"""The options of the commands, and the one table that their defaults come from."""

import dataclasses

import pytest

from mmfusion import defaults
from mmfusion.options import verbs
from mmfusion.options.corpus import Corpus
from mmfusion.options.features import FeaturesOptions
from mmfusion.options.grid import Decoding, Grid
from mmfusion.options.network import Network
from mmfusion.options.optimisation import Optimisation
from mmfusion.options.scoring import Scoring
from mmfusion.options.training import Training
from mmfusion.options.weights import WeightsOptions

CORPUS = Corpus(manifest="m.csv")


def test_defaults_come_from_the_one_table():
    options = verbs.TrainOptions(corpus=CORPUS, out="run")
    assert (options.network.fusion, options.network.units) == (defaults.FUSION, defaults.UNITS)
    how = options.optimisation
    assert (how.epochs, how.learning_rate) == (defaults.EPOCHS, defaults.LEARNING_RATE)
    assert (how.patience, how.weight_decay) == (defaults.PATIENCE, defaults.WEIGHT_DECAY)


@pytest.mark.parametrize("cls", [verbs.CrossvalOptions, verbs.CompareOptions, verbs.TuneOptions])
def test_a_search_or_a_cross_validation_is_a_training(cls):
    names = {field.name for field in dataclasses.fields(verbs.TrainOptions)}
    assert names <= {field.name for field in dataclasses.fields(cls)}
    assert cls(corpus=CORPUS, out="out").network == Network()


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: verbs.CrossvalOptions(corpus=CORPUS, out="o", folds=1), "`folds` must be at .*=1"),
        (lambda: verbs.CompareOptions(corpus=CORPUS, folds=1), "`folds` must be at least 2"),
        (lambda: verbs.CrossvalOptions(corpus=CORPUS, out="o", curve=(1.5,)), "`curve` must be"),
        (lambda: Optimisation(gradient_accumulation_steps=0), "`gradient_accumulation_steps` must"),
        (lambda: Optimisation(snapshots=-1), "`snapshots` must be at least 0"),
        (lambda: Scoring(recall=1.5, positive="x"), "`recall` must be above 0 and at most 1"),
        (lambda: WeightsOptions(action="get"), "`get` needs a name. Received: none"),
        (lambda: WeightsOptions(action="get", name="self"), "did you mean 'selfie'"),
        (lambda: WeightsOptions(action="list", name="selfie"), "`list` takes no name"),
        (lambda: WeightsOptions(action="list", from_="a"), "--from applies to `get`"),
        (lambda: Training(seeds=0), "`seeds` must be at least 1"),
        (lambda: FeaturesOptions(manifest="m", out="o"), "Name feature sets"),
        (lambda: FeaturesOptions(manifest="m", out="o", text=("bert",)), "needs `checkpoint`"),
        (lambda: FeaturesOptions(manifest="m", out="o", video=("cnn",)), "needs `weights`"),
    ],
)
def test_what_does_not_fit(build, message):
    with pytest.raises(ValueError, match=message):
        build()


def test_nothing_is_required_of_a_grid():
    assert Grid().size_px == defaults.SIZE_PX
    assert Decoding().cache is None
