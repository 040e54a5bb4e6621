"""The head of classifiers, alone and in the context of a sequence."""

import keras
import numpy as np

from mmfusion.models.class_head import class_head

MASK = np.array([[True, True], [True, False], [False, False]])


def head(inputs=None):
    keras.utils.set_random_seed(0)
    fused = keras.Input((4,), name="fused")
    mask = keras.Input((2,), dtype="bool", name="mask")
    every = {"fused": fused, "mask": mask, **(inputs or {})}
    return keras.Model(every, class_head(3, 0.0, every)(fused, {"x": mask}))


def test_probabilities_of_each_row():
    fused = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")
    found = head()({"fused": fused, "mask": MASK}).numpy()
    assert found.shape == (3, 3)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-6)


def test_the_others_of_a_sequence_are_read_and_absent_ones_are_not():
    model = head({"sequence": keras.Input((), dtype="int32", name="sequence")})
    fused = np.random.default_rng(0).normal(size=(3, 4)).astype("float32")

    def predict(fused, sequence):
        return model({"fused": fused, "mask": MASK, "sequence": np.array(sequence)}).numpy()

    together, apart = predict(fused, [5, 5, 5]), predict(fused, [0, 1, 2])
    assert not np.allclose(together[0], apart[0], atol=1e-3)
    other = fused.copy()
    other[2] = 9  # absent
    np.testing.assert_allclose(predict(other, [5, 5, 5])[:2], together[:2], rtol=1e-6)
    other[1] = 9
    assert not np.allclose(predict(other, [5, 5, 5])[0], together[0], atol=1e-3)
    np.testing.assert_allclose(predict(other, [0, 1, 2])[0], apart[0], rtol=1e-6)
