"""Several questions answered from one fused view."""

import keras
import numpy as np
import pytest

from mmfusion.models.multitask import multitask

TASKS = {"emotion": 3, "valence": 1}


def test_every_task_has_a_head_of_its_own(pair, branches, values, never_read):
    model = multitask(pair, tasks=TASKS, branches=branches, units=8)
    outputs = model(values)
    np.testing.assert_allclose(outputs["emotion"].numpy().sum(axis=1), np.ones(5), rtol=1e-5)
    assert outputs["valence"].shape == (5, 1)
    assert {"emotion", "valence"} <= {layer.name for layer in model.layers}
    never_read(model)


def test_a_loss_weight_of_zero_leaves_the_head_alone(pair, branches, values):
    model = multitask(pair, tasks=TASKS, branches=branches, units=8)
    model.compile(
        optimizer=keras.optimizers.SGD(0.1),
        loss={"emotion": "sparse_categorical_crossentropy", "valence": "mse"},
        loss_weights={"emotion": 1.0, "valence": 0.0},
    )
    before = {task: model.get_layer(task).get_weights()[0] for task in TASKS}
    model.train_on_batch(values, {"emotion": np.arange(5) % 3, "valence": np.ones((5, 1))})
    same = {task: (model.get_layer(task).get_weights()[0] == before[task]).all() for task in TASKS}
    assert same == {"emotion": False, "valence": True}


def test_refuses_no_task(pair, branches):
    with pytest.raises(ValueError, match="at least one task"):
        multitask(pair, tasks={}, branches=branches)
