import json

import numpy as np
import pytest
import tensorflow as tf
from tensorflow.core.protobuf import saved_model_pb2

from mmfusion.apps.evaluate import open_run
from mmfusion.files import sha256
from mmfusion.serving.card import read_card
from mmfusion.serving.graph_ops import UNSAFE, check_graph
from mmfusion.serving.predictor import Predictor

INPUTS = {"a": {"dtype": "float32", "shape": [None, 2]}}


def ours(values, path):
    return values


def writes(values, path):
    tf.io.write_file(path, "written")
    return values


def writes_when_told(values, path):
    return tf.cond(tf.reduce_sum(values) > 0, lambda: writes(values, path), lambda: values)


def prints(values, path):
    tf.print("x", output_stream=f"file://{path}")
    return values


def saves(values, path):
    tf.raw_ops.SaveV2(prefix=path, tensor_names=["a"], shape_and_slices=[""], tensors=[values])
    return values


def python(values, path):
    return tf.ensure_shape(tf.numpy_function(lambda x: x, [values], tf.float32), [None, 2])


def in_a_map(values, path):
    return tf.map_fn(lambda row: writes(row, path), values)


@pytest.fixture
def saved(tmp_path):
    """Writes a version with a card, whose signature calls a function."""

    def write(function, **fields):
        version, module = tmp_path / "1", tf.Module()
        module.weight = tf.Variable(1.0)  # so that it has a saver
        path = str(tmp_path / "foreign")

        @tf.function(input_signature=[{"a": tf.TensorSpec((None, 2), name="a")}])
        def serve(inputs):
            return {"probabilities": function(inputs["a"] * module.weight, path)}

        module.serve = serve
        tf.saved_model.save(module, str(version), signatures=serve)
        files = [file for file in version.rglob("*") if file.is_file()]
        card = {
            "format": 1,
            "classes": ["x", "y"],
            "modalities": [],
            "spec": None,
            "inputs": INPUTS,
            "outputs": {"probabilities": {"dtype": "float32", "shape": [None, 2]}},
            "sha256": {file.relative_to(version).as_posix(): sha256(file) for file in files},
        }
        (version / "card.json").write_text(json.dumps(card | fields))
        return version

    return write


def test_our_own_has_a_saver_and_passes(exported, saved):
    graph = saved_model_pb2.SavedModel.FromString((exported / "1/saved_model.pb").read_bytes())
    functions = graph.meta_graphs[0].graph_def.library.function
    assert UNSAFE & {node.op for each in functions for node in each.node_def}
    check_graph(exported / "1", read_card(exported / "1"))
    predictor = Predictor(saved(ours))
    assert predictor.batch({"a": [[0.25, 0.75]]}).tolist() == [[0.25, 0.75]]


@pytest.mark.parametrize(
    ("function", "op"),
    [
        (writes, "WriteFile"),
        (writes_when_told, "WriteFile"),
        (in_a_map, "WriteFile"),
        (prints, "PrintV2"),
        (saves, "SaveV2"),
        (python, "PyFunc"),
    ],
)
def test_what_writes_or_runs_python_is_refused_before_it_is_loaded(
    saved, monkeypatch, function, op
):
    version = saved(function)
    monkeypatch.setattr(tf.saved_model, "load", None)
    with pytest.raises(ValueError, match=rf"saved_model.pb: .*`trust=True`.*\['{op}'\]") as caught:
        Predictor(version)
    assert "\n" not in str(caught.value)
    check_graph(version, read_card(version), trust=True)


def test_what_is_trusted_runs(saved, tmp_path):
    predictor = Predictor(saved(writes), trust=True)
    np.testing.assert_array_equal(predictor.batch({"a": [[0.5, 0.5]]}), [[0.5, 0.5]])
    assert (tmp_path / "foreign").read_text() == "written"


def test_a_signature_is_not_hidden_as_the_saver(saved):
    version = saved(writes)
    path = version / "saved_model.pb"
    model = saved_model_pb2.SavedModel.FromString(path.read_bytes())
    graph = model.meta_graphs[0]
    served = graph.signature_def["serving_default"].outputs["probabilities"].name
    graph.saver_def.save_tensor_name = served
    path.write_bytes(model.SerializeToString())
    with pytest.raises(ValueError, match="WriteFile"):
        check_graph(version, {"inputs": INPUTS, "classes": ["x", "y"]})


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"inputs": {"b": INPUTS["a"]}}, r"`inputs` are not those of its card.*\['a', 'b'\]"),
        ({"inputs": {"a": {"dtype": "int32", "shape": [None, 2]}}}, r"`inputs`.*\['a'\]"),
        ({"inputs": {"a": {"dtype": "float32", "shape": [None, 3]}}}, r"`inputs`.*\['a'\]"),
        ({"classes": ["x", "y", "z"]}, r"of the 3 `classes` of its card. Received: \[2\]"),
    ],
)
def test_a_card_of_another_graph_is_refused(saved, fields, message):
    version = saved(ours)
    with pytest.raises(ValueError, match=message):
        check_graph(version, {"inputs": INPUTS, "classes": ["x", "y"], **fields})


@pytest.mark.parametrize("content", [b"", b"\x08\x01 not a graph"])
def test_what_is_no_graph(tmp_path, content):
    (tmp_path / "saved_model.pb").write_bytes(content)
    with pytest.raises(ValueError, match="TensorFlow cannot load it") as caught:
        check_graph(tmp_path, {})
    assert "\n" not in str(caught.value)


def test_the_command_needs_a_flag(command, saved):
    version = saved(writes)
    done = command("predict", version, __file__)
    assert (done.code, done.out) == (2, "")
    assert "`--trust`" in done.err.splitlines()[-1]
    assert "exported without a `spec`" in command("predict", version, __file__, "--trust").err


def test_an_export_is_evaluated_only_if_it_is_trusted(saved):
    version = saved(writes)
    with pytest.raises(ValueError, match="WriteFile"):
        open_run(str(version))
    assert open_run(str(version), trust=True).classes == ["x", "y"]
