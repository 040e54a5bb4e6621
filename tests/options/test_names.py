"""Every name that an option takes stands for something, and nothing else has a name."""

import typing

import pytest

from mmfusion.baselines.cnn_features import CNN_SETS
from mmfusion.baselines.feature_sets import SETS
from mmfusion.baselines.text_features import WORD_SETS
from mmfusion.data.cleaning import STEPS
from mmfusion.experiments import tables
from mmfusion.features.backbones import BACKBONES
from mmfusion.options import names
from mmfusion.options.checks import BRANCHES
from mmfusion.options.recipes import RECIPES
from mmfusion.pretrained.efficientnet_lite import VARIANTS
from mmfusion.training.strategy import NAMES
from mmfusion.training.tuning import SEARCHES

OF_CLIPS = {**tables.FRAMES, **tables.SPECTROGRAMS}
TABLES = {
    "AudioFeatureName": SETS["audio"],
    "BranchName": {**OF_CLIPS, **tables.FEATURES},
    "CleaningStep": [f"{kind}.{name}" for kind, steps in STEPS.items() for name in steps],
    "FusionName": tables.FUSIONS,
    "ImageFeatureName": {**SETS["video"], **CNN_SETS},
    "LossName": tables.LOSSES,
    "MixName": tables.MIXES,
    "OptimizerName": tables.OPTIMIZERS,
    "RecipeName": RECIPES,
    "ScalingName": tables.SCALINGS,
    "ScheduleName": tables.SCHEDULES,
    "TextFeatureName": WORD_SETS,
    "TowerName": {**BACKBONES, **VARIANTS},
}


@pytest.mark.parametrize("name", TABLES)
def test_a_name_for_each_entry_of_its_table(name):
    assert set(typing.get_args(getattr(names, name))) == set(TABLES[name])


def test_branches_of_clips_by_modality():
    assert set(BRANCHES["audio"]) == set(tables.SPECTROGRAMS)
    assert set(BRANCHES["video"]) == set(tables.FRAMES)


def test_strategies_and_searches():
    assert set(typing.get_args(names.StrategyName)) == set(NAMES)
    assert set(typing.get_args(names.SearchName)) == set(SEARCHES)
