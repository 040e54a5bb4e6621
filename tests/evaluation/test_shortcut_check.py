import keras
import numpy as np
import pytest

from mmfusion.evaluation.shortcut_check import shortcut_check


def drawn(present_by_label, n=120):
    """Batches whose sound track is there with the chance that the label tells."""
    rng = np.random.default_rng(0)
    labels = np.arange(n) % 2
    mask = np.repeat(rng.random((n, 1)) < np.array(present_by_label)[labels][:, None], 4, axis=1)
    return [({"audio": rng.normal(size=(n, 4, 1)) * mask[..., None], "audio_mask": mask}, labels)]


@pytest.fixture(params=["reads masks", "reads content"])
def model(request):
    """Says class 1 when the sound is there, or always class 0 when the sound is blank."""
    sound = keras.Input((4, 1), name="audio")
    mask = keras.Input((4,), dtype="bool", name="audio_mask")
    share = keras.ops.mean(keras.ops.cast(mask, "float32"), axis=1, keepdims=True)
    loud = keras.ops.minimum(1.0, keras.ops.max(keras.ops.abs(sound), axis=1))
    one = share if request.param == "reads masks" else loud  # (B, 1)
    output = keras.layers.Concatenate(name="probabilities")([0.99 - one, one + 0.01])
    made = keras.Model({"audio": sound, "audio_mask": mask}, output)
    made.reads_masks = request.param == "reads masks"
    return made


def test_presence_that_predicts_is_found_and_its_use_told(model):
    row = shortcut_check(model, drawn([0.05, 0.95]))
    assert row["masks"]["accuracy"] > 0.9
    assert row["majority"] == 0.5
    assert (row["blanked"]["accuracy"] > 0.9) == model.reads_masks
    assert row["verdict"].endswith(
        "a leak." if model.reads_masks else "does not beat the majority."
    )


def test_presence_that_tells_nothing(model):
    row = shortcut_check(model, drawn([0.5, 0.5]))
    assert row["masks"]["interval"][0] < 0.5
    assert "does not predict" in row["verdict"]


def test_the_best_rule_by_hand(model):
    inputs, _ = drawn([0.5, 0.5], 6)[0]
    inputs["audio_mask"] = np.array([1, 1, 1, 1, 0, 0], bool)[:, None] * np.ones((1, 4), bool)
    row = shortcut_check(model, [(inputs, np.array([1, 1, 1, 0, 0, 0]))])
    assert row["fitted"] == 5 / 6  # with sound 1, without 0
    assert row["majority"] == 3 / 6


def test_groups_never_straddle_a_fold(model):
    """The number of valid steps names the group, and the group the label: only leaking pays."""
    rng = np.random.default_rng(0)
    groups = np.repeat(np.arange(40), 3)
    labels = rng.integers(2, size=40)[groups]
    mask = np.arange(64) < groups[:, None]
    inputs = {"audio": np.zeros((120, 64, 1)), "audio_mask": mask}
    sound = keras.Input((64, 1), name="audio")
    seen = keras.Input((64,), dtype="bool", name="audio_mask")
    output = keras.layers.Softmax()(keras.layers.Flatten()(sound)[:, :2])
    model = keras.Model({"audio": sound, "audio_mask": seen}, output)
    grouped = shortcut_check(model, [(inputs, labels)], groups=groups)["masks"]["accuracy"]
    leaking = shortcut_check(model, [(inputs, labels)])["masks"]["accuracy"]
    assert grouped + 0.15 < leaking


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_few_clips_are_no_crash(model, n):
    row = shortcut_check(model, drawn([0.5, 0.5], n) if n else [])
    assert (row["masks"]["accuracy"] is None) == (n < 2)
    assert (row["fitted"] is None) == (n == 0)
    assert row["verdict"].endswith(".")


def test_one_class_only(model):
    inputs, labels = drawn([0.5, 0.5])[0]
    row = shortcut_check(model, [(inputs, labels * 0)])
    assert row["masks"] == {"accuracy": 1.0, "interval": [1.0, 1.0]}
    assert row["majority"] == 1.0


def test_steps_of_sequences_count_for_themselves():
    inputs = {"x": keras.Input((None, 2), name="x")}
    inputs["x_mask"] = keras.Input((None,), dtype="bool", name="x_mask")
    model = keras.Model(inputs, keras.layers.Softmax()(inputs["x"]))
    rng = np.random.default_rng(0)
    labels = rng.integers(2, size=(20, 6))
    weights = np.ones((20, 6))
    weights[:, 4:] = 0  # behind the end
    batch = {"x": np.zeros((20, 6, 2)), "x_mask": labels == 1}
    groups = np.repeat(np.arange(20), 4)
    found = shortcut_check(model, [(batch, labels, weights)], groups=groups)
    assert found["masks"]["accuracy"] == found["fitted"] == 1.0
