import json
import os
import resource
import subprocess
import sys

import keras
import numpy as np
import pytest
import tensorflow as tf

import mmfusion
from mmfusion.files import sha256
from mmfusion.serving.export import export

CLASSES = ["fight", "normal", "other"]
ABSENT = [(), ("audio",), ("text",), ("video",), ("audio", "text", "video")]
LOAD = """
import sys, numpy as np, tensorflow as tf
model = tf.saved_model.load(sys.argv[1])
batch = dict(np.load(sys.argv[2]))
answer = model.signatures["serving_default"](**{name: tf.constant(x) for name, x in batch.items()})
np.savez(sys.argv[3], **{name: value.numpy().astype(name == "label" and "S9" or "f4")
                         for name, value in answer.items()})
assert not [name for name in sys.modules if name.startswith("mmfusion")]
"""


def without(batch, names):
    """The batch with these modalities absent."""
    for name in names:
        batch[name] = (
            np.zeros_like(batch[name]) if name != "text" else np.full_like(batch[name], "")
        )
        batch[f"{name}_mask"] = np.zeros_like(batch[f"{name}_mask"])
    return batch


def called(exported, batch):
    model = tf.saved_model.load(str(exported / "1"))
    return model.signatures["serving_default"](**{k: tf.constant(v) for k, v in batch.items()})


def expected(parts, batch):
    prep, model = parts
    ready = prep({name: tf.constant(value) for name, value in batch.items()})
    return model.predict(ready, verbose=0)


@pytest.mark.parametrize("absent", ABSENT)
@pytest.mark.parametrize("count", [1, 5])
def test_equals_the_model_behind_its_preprocessor(exported, parts, aligned, count, absent):
    batch = without(aligned(count), absent)
    answer = called(exported, batch)
    theirs = expected(parts, batch)
    np.testing.assert_allclose(answer["probabilities"], theirs, rtol=0, atol=1e-5)
    assert [name.decode() for name in answer["label"].numpy()] == [
        CLASSES[k] for k in theirs.argmax(axis=1)
    ]


def test_serves_in_a_fresh_process_without_the_library(exported, parts, aligned, tmp_path):
    batch = aligned(2)
    plain = {name: x.astype("S") if name == "text" else x for name, x in batch.items()}
    np.savez(tmp_path / "batch.npz", **plain)
    paths = [str(exported / "1"), str(tmp_path / "batch.npz"), str(tmp_path / "answer.npz")]
    subprocess.run([sys.executable, "-c", LOAD, *paths], check=True, timeout=120)
    answer = np.load(tmp_path / "answer.npz")
    np.testing.assert_allclose(answer["probabilities"], expected(parts, batch), rtol=0, atol=1e-5)


def test_signature_is_named_with_a_free_batch_dimension(exported, spec):
    signature = tf.saved_model.load(str(exported / "1")).signatures["serving_default"]
    inputs = signature.structured_input_signature[1]
    assert {name: given.dtype.name for name, given in inputs.items()} == {
        "audio": "float32",
        "audio_mask": "bool",
        "text": "string",
        "text_mask": "bool",
        "video": "uint8",
        "video_mask": "bool",
    }
    for name, shape in spec.aligned_shapes.items():
        assert inputs[name].shape.as_list() == [None, *shape]
    assert set(signature.structured_outputs) == {"probabilities", "label"}


def test_card_tells_what_it_is(exported, spec):
    card = json.loads((exported / "1" / "card.json").read_text("utf-8"))
    assert card["classes"] == CLASSES
    assert card["modalities"] == ["audio", "text", "video"]
    assert card["spec"] == spec.to_dict()
    assert card["inputs"]["video"] == {"dtype": "uint8", "shape": [None, 4, 16, 16, 3]}
    assert card["outputs"]["probabilities"] == {"dtype": "float32", "shape": [None, 3]}
    assert card["versions"]["keras"] == keras.__version__
    assert card["versions"]["mmfusion"] == mmfusion.__version__
    version = exported / "1"
    on_disk = {p.relative_to(version).as_posix() for p in version.rglob("*") if p.is_file()}
    assert set(card["sha256"]) == on_disk - {"card.json"}
    assert {"saved_model.pb", "variables/variables.index"} <= set(card["sha256"])
    for name, digest in card["sha256"].items():
        assert sha256(version / name) == digest


def test_versions_count_up_and_nothing_else_is_left(parts, spec, tmp_path):
    (tmp_path / "7").mkdir()
    folder = export(
        tmp_path, *parts, classes=CLASSES, spec=spec, card={"metrics": {"accuracy": 0.9}}
    )
    assert folder == tmp_path / "8"
    assert sorted(os.listdir(tmp_path)) == ["7", "8"]
    assert json.loads((folder / "card.json").read_text())["metrics"] == {"accuracy": 0.9}
    assert folder.stat().st_mode & 0o777 == 0o755


def test_a_failure_leaves_nothing(parts, spec, tmp_path):
    with pytest.raises(TypeError):
        export(tmp_path, *parts, classes=CLASSES, spec=spec, card={"metrics": object()})
    assert os.listdir(tmp_path) == []


def test_a_model_may_read_less_than_the_preprocessor_gives(parts, aligned, tmp_path):
    prep, _ = parts
    inputs = {
        "text": keras.Input((4, 3), dtype="int32", name="text"),
        "text_mask": keras.Input((4,), dtype="bool", name="text_mask"),
    }
    flat = keras.layers.Flatten()(keras.layers.Embedding(10, 2)(inputs["text"]))
    model = keras.Model(inputs, keras.layers.Dense(2, "softmax")(flat))
    export(tmp_path, prep, model, classes=["a", "b"])
    batch = aligned(2)
    ready = prep({name: tf.constant(value) for name, value in batch.items()})
    theirs = model.predict({name: ready[name] for name in inputs}, verbose=0)
    np.testing.assert_allclose(called_at(tmp_path / "1", batch), theirs, atol=1e-5)


def called_at(version, batch):
    model = tf.saved_model.load(str(version))
    answer = model.signatures["serving_default"](**{k: tf.constant(v) for k, v in batch.items()})
    return answer["probabilities"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"classes": ["a", "b"]}, "`classes` must be 3 different names"),
        ({"classes": ["a", "b", "a"]}, "`classes` must be 3 different names"),
        ({"classes": CLASSES, "card": {"spec": {}}}, r"own fields alone.*\['spec'\]"),
    ],
)
def test_what_does_not_fit_is_refused(parts, tmp_path, wrong, message):
    with pytest.raises(ValueError, match=message):
        export(tmp_path / "model", *parts, **wrong)
    assert os.listdir(tmp_path) == []


def test_a_full_disk_is_one_line_and_leaves_nothing(parts, spec, tmp_path):
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**14, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large") as caught:
            export(tmp_path, *parts, classes=CLASSES, spec=spec)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert str(caught.value).endswith(f": '{tmp_path}'")
    assert os.listdir(tmp_path) == []
