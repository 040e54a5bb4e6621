import keras
import numpy as np

from mmfusion.branches.mel_cnn import mel_cnn


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
