import numpy as np
import pytest
import tensorflow as tf

from mmfusion.pretrained.array_spec import ArraySpec
from mmfusion.pretrained.tflite_file import TfliteFile

SILENCE = 494  # in the class map of YAMNet
EMBEDDING = "yamnet_frames/global_average_pooling2d/Mean"


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """A network of `x` (n, 2) that returns `3 x + 1`."""
    path = tmp_path_factory.mktemp("tflite") / "a.tflite"

    @tf.function(input_signature=[tf.TensorSpec((None, 2), tf.float32, name="x")])
    def call(x):
        return 3 * x + 1

    converter = tf.lite.TFLiteConverter.from_concrete_functions([call.get_concrete_function()])
    path.write_bytes(converter.convert())
    return path


@pytest.mark.parametrize("threads", [None, 1])
def test_by_hand_of_any_length(path, threads):
    network = TfliteFile(path, threads=threads)
    assert network.inputs == {"x": ArraySpec((None, 2), "float32")}
    for rows in (1, 3, 2):
        x = np.arange(2 * rows, dtype=np.float32).reshape(rows, 2)
        ((_, found),) = network({"x": x}).items()
        np.testing.assert_array_equal(found, 3 * x + 1, strict=True)


def test_results_are_kept_apart(path):
    network = TfliteFile(path)
    ((_, first),) = network({"x": np.zeros((1, 2), np.float32)}).items()
    network({"x": np.ones((1, 2), np.float32)})
    np.testing.assert_array_equal(first, [[1, 1]])


def test_what_does_not_fit(path, tmp_path):
    with pytest.raises(ValueError, match=r"`x` must be float32 \(any, 2\)"):
        TfliteFile(path)({"x": np.zeros((1, 2))})
    with pytest.raises(ValueError, match=r"a\.tflite: no such tensor. Received: 'inner'"):
        TfliteFile(path, extra=["inner"])
    with pytest.raises(FileNotFoundError, match="No network at this path"):
        TfliteFile(tmp_path / "none.tflite")
    (tmp_path / "a.tflite").write_text("text")
    with pytest.raises(ValueError, match=r"a\.tflite: no network of TFLite"):
        TfliteFile(tmp_path / "a.tflite")


def test_faces(real):
    network = TfliteFile(real("face-detection", "face_detection_short_range.tflite"))
    found = network({"input": np.zeros((1, 128, 128, 3), np.float32)})
    shapes = {name: array.shape for name, array in found.items()}
    assert shapes == {"regressors": (1, 896, 16), "classificators": (1, 896, 1)}
    assert found["classificators"].max() < 0  # logits: a grey image has no face


def test_silence(real):
    network = TfliteFile(real("yamnet", "yamnet.tflite"), extra=[EMBEDDING])
    found = network({"input_1": np.zeros((1, 15_600), np.float32)})
    assert found["Identity"].shape == (1, 521)
    assert found["Identity"].argmax() == SILENCE
    assert found[EMBEDDING].shape == (1, 1024)
