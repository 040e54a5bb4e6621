import keras
import numpy as np
import pytest

from mmfusion.branches.mel_cnn import MelCNN, mel_cnn


def test_what_no_single_step_tells_surely_is_learned_of_the_whole_clip():
    """Two kinds of clips have the same steps, in one a third of them, in the other two thirds."""
    keras.utils.set_random_seed(0)
    label = np.arange(128) % 2
    inputs = {
        "audio": keras.Input((6, 4, 16), name="audio"),
        "audio_mask": keras.Input((6,), dtype="bool", name="audio_mask"),
    }
    features, _ = mel_cnn(*inputs.values(), units=8, filters=(4, 4, 8, 8), dropout=0.0)
    model = keras.Model(inputs, keras.layers.Dense(2, "softmax")(features[:, 0]))
    model.compile(
        optimizer=keras.optimizers.Adam(0.01),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    model.fit(clips(label, seed=0), label, epochs=30, verbose=0)
    assert model.evaluate(clips(label, seed=1), label, verbose=0)[1] > 0.9


def clips(label, seed):
    rng = np.random.default_rng(seed)
    third = rng.permuted(np.tile(np.arange(6) < 2, (len(label), 1)), axis=1)
    high = third ^ label[:, None].astype(bool)
    sound = rng.normal(size=(len(label), 6, 4, 16)).astype("float32")
    sound[..., 8:] += 2 * high[..., None, None]
    return {"audio": sound, "audio_mask": np.ones((len(label), 6), bool)}


STEPS, FRAMES, BINS = 3, 4, 16
HERE = np.ones((1, STEPS), bool)


def sound(clips=1):
    return np.random.default_rng(0).normal(size=(clips, STEPS, FRAMES, BINS)).astype("float32")


def layer(**options):
    return MelCNN(5, filters=(2, 3, 4, 4), **options)


def test_four_filters_are_asked_for():
    with pytest.raises(ValueError, match="`filters` must be 4"):
        MelCNN(5, filters=(2, 3))


def test_every_step_is_told_of_the_whole_clip():
    cnn, other = layer(), sound()
    other[0, 0] *= 5
    assert (np.abs(cnn(other, HERE) - cnn(sound(), HERE)).max(axis=-1) > 1e-4).all()


def test_an_absent_step_is_never_read():
    mask = np.array([[True, False, True]])
    cnn, torn = layer(), sound()
    torn[0, 1] = np.nan
    found = cnn(torn, mask).numpy()
    np.testing.assert_array_equal(found, cnn(sound(), mask))
    assert not found[0, 1].any()


def test_batches_are_normalised_over_what_is_present_alone():
    cnn, mask = layer(dropout=0.0), np.ones((4, STEPS), bool)
    mask[2:] = False
    half = cnn(sound(4), mask, training=True)[:2]
    moments = [(norm.moving_mean.numpy(), norm.moving_variance.numpy()) for norm in cnn.norms]
    again = layer(dropout=0.0)
    again.build(sound().shape)
    again.set_weights(cnn.get_weights())
    for norm in again.norms:
        norm.moving_mean.assign(0 * norm.moving_mean)
        norm.moving_variance.assign(0 * norm.moving_variance + 1)
    alone = again(sound(4)[:2], mask[:2], training=True)
    np.testing.assert_allclose(half, alone, atol=1e-5)
    for norm, (mean, variance) in zip(again.norms, moments, strict=True):
        np.testing.assert_allclose(norm.moving_mean, mean, atol=1e-6)
        np.testing.assert_allclose(norm.moving_variance, variance, atol=1e-6)


def test_steps_of_any_number_of_frames():
    for frames in (1, 2, 5):
        shape = (2, STEPS, frames, BINS)
        assert layer()(np.ones(shape, "float32"), np.ones((2, STEPS), bool)).shape == (2, STEPS, 5)
