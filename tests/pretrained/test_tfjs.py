import base64
import json

import numpy as np
import pytest
import tensorflow as tf

from mmfusion.pretrained.table import WEIGHTS
from mmfusion.pretrained.tfjs import load_tfjs, save_tfjs

FLOAT = {"type": "DT_FLOAT"}
# What @tensorflow/tfjs 4.22.0 computes on Node.js 20 by its backend `cpu`, for number i of an input
# x = (7919 i % 256) / 255, times 255 where they are integers: the first numbers of an output, the
# largest with its place, and their mean.
JAVASCRIPT = {
    ("emotion", "Identity"): (
        *((1, 64, 64, 1), [0.0008951945, 0.5484176, 8.434326e-06, 0.0006104242, 1.285843e-05]),
        *(1, 0.5484176, 0.1428571),
    ),
    ("movenet-lightning", "Identity"): (
        *((1, 192, 192, 3), [0.02111293, 0.448693, 0.03284322, 0.01593112, 0.5561143]),
        *(45, 1.0024357, 0.3282699),
    ),
    ("movenet-multipose", "Identity"): (
        *((1, 256, 256, 3), [0.3218567, 0.6267605, 0.01994159, 0.3008397, 0.6247733]),
        *(278, 0.9983952, 0.3231054),
    ),
    ("selfie", "activation_10"): ((1, 256, 256, 3), [4.221e-22, 0, 0], 426, 0.03475777, 1.0014e-6),
    ("centernet", "tower_0/wh"): (
        *((1, 512, 512, 3), [1.258569, 2.22479, 5.284048, 5.823215, 4.674464]),
        *(63744, 359.16943, 98.769171),
    ),
    ("centernet", "tower_0/detections"): (
        *((1, 512, 512, 3), [499.9399, -0.3878827, 511.5434, 11.82694, 0.01769943, 65.0]),
        *(207, 554.39111, 157.52166),
    ),
}


def constant(name):
    return {"name": name, "op": "Const", "attr": {"dtype": FLOAT, "value": {"tensor": {}}}}


def strings(*names):
    return {"list": {"s": [base64.b64encode(name.encode()).decode() for name in names]}}


@pytest.fixture
def model(tmp_path):
    """Writes a model `relu(x w + b)` of two inputs and three outputs."""
    w, b = np.float32([[1, -2, 3], [0, 1, 0]]), np.float32([0.5, 0, -1])
    shape = {"shape": {"dim": [{"size": "-1"}, {"size": "2"}]}}
    attr = {"T": FLOAT, "fused_ops": strings("BiasAdd", "Relu"), "num_args": {"i": "1"}}
    nodes = [
        {"name": "x", "op": "Placeholder", "attr": {"dtype": FLOAT, "shape": shape}},
        *(constant(name) for name in ("w", "b")),
        {"name": "y", "op": "_FusedMatMul", "input": ["x", "w", "b"], "attr": attr},
    ]
    content = {
        "format": "graph-model",
        "modelTopology": {"node": nodes, "library": {}, "versions": {}},
        "weightsManifest": [
            {
                "paths": ["model.bin"],
                "weights": [
                    {"name": "w", "shape": [2, 3], "dtype": "float32"},
                    {"name": "b", "shape": [3], "dtype": "float32"},
                ],
            }
        ],
    }

    def write(**changes):
        (tmp_path / "model.bin").write_bytes(w.tobytes() + b.tobytes())
        (tmp_path / "model.json").write_text(json.dumps({**content, **changes}))
        return tmp_path / "model.json"

    write.content = content
    return write


X = np.float32([[1, 2], [0, 0], [-1, 0]])
Y = np.float32([[1.5, 0, 2], [0.5, 0, 0], [0, 2, 0]])


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_by_hand(model, rows):
    found = load_tfjs(model())({"x": tf.constant(X[:rows])})
    np.testing.assert_array_equal(found["y"], Y[:rows])


def test_a_signature_names_the_outputs(model):
    outputs = {"first": {"name": "y:0"}, "other": {"name": "y/biased"}}
    found = load_tfjs(model(signature={"outputs": outputs}))({"x": tf.constant(X[:1])})
    np.testing.assert_array_equal(found["y"], Y[:1])
    np.testing.assert_array_equal(found["y/biased"], [[1.5, 0, 2]])


def test_kept_as_a_saved_model(model, tmp_path):
    save_tfjs(model(), tmp_path / "saved")
    loaded = tf.saved_model.load(str(tmp_path / "saved"))
    np.testing.assert_array_equal(loaded.signatures["serving_default"](x=tf.constant(X))["y"], Y)
    np.testing.assert_array_equal(loaded.call({"x": tf.constant(X)})["y"], Y)


def test_what_cannot_be_read(model, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"none\.json"):
        load_tfjs(tmp_path / "none.json")
    with pytest.raises(ValueError, match=r"json: the format must be graph-model. Received: layers"):
        load_tfjs(model(format="layers-model"))
    topology = {"node": [*model.content["modelTopology"]["node"]]}
    topology["node"][-1] = {**topology["node"][-1], "op": "SparseToDense"}
    with pytest.raises(ValueError, match=r"model\.json: cannot be read"):
        load_tfjs(model(modelTopology=topology))
    with pytest.raises(ValueError, match=r"model\.json: cannot be read"):
        load_tfjs(model(weightsManifest=[{"paths": ["model.bin"], "weights": []}]))
    model().with_name("model.bin").unlink()
    with pytest.raises(FileNotFoundError, match=r"model\.bin"):
        load_tfjs(tmp_path / "model.json")


@pytest.mark.parametrize(("name", "output"), JAVASCRIPT)
def test_equals_javascript(real, name, output):
    shape, first, place, largest, mean = JAVASCRIPT[name, output]
    path, _ = [real(name, file.name) for file in WEIGHTS[name].files]
    function = load_tfjs(path)
    ((key, spec),) = function.input_signature[0].items()
    x = (np.arange(np.prod(shape)) * 7919 % 256).reshape(shape)
    x = x if spec.dtype == tf.int32 else x / 255
    found = function({key: tf.cast(x, spec.dtype)})[output].numpy().ravel()
    np.testing.assert_allclose(found[: len(first)], first, rtol=1e-4, atol=2e-6)
    assert np.argmax(found) == place
    np.testing.assert_allclose([found[place], found.mean()], [largest, mean], rtol=1e-4, atol=1e-9)
