import keras
import numpy as np
import pytest

import mmfusion as mm
from mmfusion.apps import train
from mmfusion.apps.runs.branches import BRANCHES, check_branches, chosen_branches

SPEC = mm.ClipSpec(seconds=0.5, steps=4, size_px=32, modalities=("audio", "video"))
NAMES = [(modality, name) for modality, known in BRANCHES.items() for name in known]


@pytest.mark.parametrize(("modality", "name"), NAMES)
def test_every_name_makes_a_branch_of_a_classifier(modality, name):
    check_branches({modality: name}, SPEC.modalities)
    options = train.Options("manifest.csv", "run", branches={modality: name}, units=4)
    branches = chosen_branches([], [], SPEC, options)
    assert branches[modality].func is BRANCHES[modality][name]
    assert branches[modality].keywords == {"units": 4}
    model = mm.models.classifier(SPEC, classes=2, branches=branches, units=4)
    shape = (1, *model.input[modality].shape[1:])
    batch = {key: np.zeros((1, *x.shape[1:]), x.dtype) for key, x in model.input.items()}
    batch |= {modality: np.ones(shape, "float32"), f"{modality}_mask": np.ones((1, 4), bool)}
    said = keras.ops.convert_to_numpy(model(batch))
    assert said.shape == (1, 2)
    assert np.isfinite(said).all()


@pytest.mark.parametrize(
    ("names", "told"),
    [
        ({"audio": "conv3d"}, "`branches.audio` must be one of .*'mel_cnn'.*Received: 'conv3d'"),
        ({"audio": ["mel_cnn"]}, "`branches.audio` must be one of .*Received: \\['mel_cnn'\\]"),
        ({"text": "word_lstm"}, "must name some of \\['audio', 'video'\\]. Received: 'text'"),
        ({"smell": "mlp"}, "must name some of .*Received: 'smell'"),
    ],
)
def test_what_is_not_a_branch_is_told(names, told):
    with pytest.raises(ValueError, match=told):
        check_branches(names, SPEC.modalities)


def test_a_modality_that_is_not_looked_at_has_no_branch():
    with pytest.raises(ValueError, match=r"must name some of \['video'\]. Received: 'audio'"):
        check_branches({"audio": "mel_cnn"}, ("video",))
