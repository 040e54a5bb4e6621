"""The one place where branches, fusion and head meet."""

import keras
import numpy as np
import pytest

from mmfusion.fusion.concat import ConcatFusion
from mmfusion.models.assemble import assemble


def identity(inputs, mask):
    return inputs, mask


def clip_inputs(**widths):
    inputs = {name: keras.Input((None, width), name=name) for name, width in widths.items()}
    inputs |= {f"{n}_mask": keras.Input((None,), dtype="bool", name=f"{n}_mask") for n in widths}
    return inputs


def test_six_lines_meet():
    model = assemble(
        clip_inputs(b=1, a=1),
        branches={"b": identity, "a": identity},
        fusion=ConcatFusion(),
        head=lambda fused, masks: {"sum": keras.ops.sum(fused, axis=-1), "fused": fused},
    )
    values = {"a": np.array([[[1.0], [3.0]]]), "b": np.array([[[5.0]]])}
    values |= {"a_mask": np.ones((1, 2), bool), "b_mask": np.ones((1, 1), bool)}
    outputs = model.predict(values, verbose=0)
    np.testing.assert_array_equal(outputs["fused"], [[2.0, 5.0]])
    np.testing.assert_array_equal(outputs["sum"], [7.0])


def test_a_model_of_inputs_and_mask_is_a_branch():
    inputs, mask = keras.Input((None, 1)), keras.Input((None,), dtype="bool")
    doubled = keras.Model([inputs, mask], [keras.layers.Rescaling(2.0)(inputs), mask])
    model = assemble(
        clip_inputs(a=1),
        branches={"a": doubled},
        fusion=ConcatFusion(),
        head=lambda fused, masks: fused,
    )
    values = {"a": np.array([[[1.5]]]), "a_mask": np.ones((1, 1), bool)}
    np.testing.assert_array_equal(model.predict(values, verbose=0), [[3.0]])


def test_tells_which_input_is_missing():
    with pytest.raises(ValueError, match="needs the inputs 'b' and 'b_mask'"):
        assemble(
            clip_inputs(a=1), branches={"b": identity}, fusion=ConcatFusion(), head=lambda x, m: x
        )
