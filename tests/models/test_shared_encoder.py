"""One encoder for all modalities."""

import numpy as np

from mmfusion.models.shared_encoder import shared_encoder


def test_both_modalities_pass_the_same_weights(pair, branches, values, never_read):
    model = shared_encoder(pair, classes=3, branches=branches, units=8, blocks=1)
    np.testing.assert_allclose(model(values).numpy().sum(axis=1), np.ones(5), rtol=1e-5)
    shared = [layer for layer in model.layers if layer.name.startswith("shared_")]
    assert len(shared) == 1
    block = shared[0]
    before = model(values).numpy()
    block.narrow.kernel.assign(block.narrow.kernel + 1.0)
    for name in ("audio", "video"):
        masks = {f"{name}_mask": np.zeros((5, 4), bool)}
        assert np.abs(model({**values, **masks}).numpy() - before).max() > 1e-4
    never_read(model)


def test_one_more_modality_costs_only_its_own_branch(pair, branches):
    both = shared_encoder(pair, classes=3, branches=branches, units=8)
    one = {name: tensor for name, tensor in pair.items() if name.startswith("audio")}
    alone = shared_encoder(one, classes=3, branches={"audio": branches["audio"]}, units=8)
    count = [
        sum(layer.count_params() for layer in model.layers if layer.name.startswith("shared_"))
        for model in (both, alone)
    ]
    assert count[0] == count[1] > 0
