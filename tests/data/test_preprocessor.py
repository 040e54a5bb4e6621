import keras
import numpy as np
import tensorflow as tf

from mmfusion.data.preprocessor import preprocessor
from mmfusion.specs import ClipSpec

SPEC = ClipSpec(seconds=1.0, steps=4, size_px=8, sample_rate_hz=8000, mel_bins=8, tokens=3)


def aligned(count):
    rng = np.random.default_rng(0)
    batch = {
        "audio": rng.uniform(-1, 1, (count, 4, 2000)).astype("float32"),
        "text": np.array([["Fire.", "run run", "", "x"]] * count),
        "video": rng.integers(0, 256, (count, 4, 8, 8, 3)).astype("uint8"),
    }
    masks = {f"{name}_mask": np.ones((count, 4), bool) for name in batch}
    return {name: tf.constant(value) for name, value in (batch | masks).items()}


def test_shapes_and_types():
    ready = preprocessor(SPEC, vocabulary=["run"])(aligned(2))
    for name, shape in SPEC.ready_shapes.items():
        assert ready[name].shape == (2, *shape)
        assert ready[name].dtype == ("int32" if name == "text" else "float32")
        assert ready[f"{name}_mask"].dtype == "bool"
    np.testing.assert_array_equal(ready["text"][0], [[1, 0, 0], [2, 2, 0], [0, 0, 0], [1, 0, 0]])


def test_same_alone_and_in_a_batch():
    prep = preprocessor(SPEC)
    batch = aligned(3)
    whole = prep(batch)
    alone = prep({name: value[1:2] for name, value in batch.items()})
    for name in whole:
        np.testing.assert_allclose(whole[name][1:2], alone[name], atol=1e-5)


def test_nothing_absent_is_read():
    prep = preprocessor(SPEC)
    batch = aligned(2)
    for name in SPEC.modalities:
        batch[f"{name}_mask"] = tf.zeros((2, 4), bool)
    batch["audio"] = batch["audio"] * np.nan
    ready = prep(batch)
    for name in SPEC.modalities:
        assert not np.asarray(ready[name]).any()


def test_long_vocabulary_is_cut_to_the_spec():
    spec = ClipSpec(steps=1, tokens=3, vocabulary_size=4, modalities=("text",))
    prep = preprocessor(spec, vocabulary=["a", "b", "c"])
    text = tf.constant([["a b c"]])
    np.testing.assert_array_equal(
        prep({"text": text, "text_mask": text != ""})["text"], [[[2, 3, 1]]]
    )


def test_survives_saving(tmp_path):
    prep = preprocessor(SPEC, vocabulary=["fire", "火"])
    prep.save(tmp_path / "prep.keras")
    again = keras.saving.load_model(tmp_path / "prep.keras")
    batch = aligned(2)
    tf.nest.map_structure(np.testing.assert_array_equal, prep(batch), again(batch))
