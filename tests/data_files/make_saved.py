"""Makes the small files that tests/serving/test_saved_by_both.py loads.

Run it once in each environment, after a layer in them was renamed or its format changed:

    pip install -r requirements.txt         && python tests/data_files/make_saved.py reference
    pip install -r requirements-latest.txt  && python tests/data_files/make_saved.py latest
"""

import shutil
import sys
import tempfile
from pathlib import Path

import keras
import numpy as np

from mmfusion.data.preprocessor import preprocessor
from mmfusion.fusion import BottleneckFusion, GatedFusion
from mmfusion.layers.audio.log_mel import LogMel
from mmfusion.serving import Predictor, export
from mmfusion.specs import ClipSpec

HERE = Path(__file__).parent
CLASSES = ["fight", "normal", "other"]
SPEC = ClipSpec(
    seconds=0.2,
    steps=2,
    sample_rate_hz=8000,
    mel_bins=4,
    tokens=3,
    modalities=("audio", "text"),
)


def arrays():
    """A batch of samples and features; the second clip's last step and third's sound are absent."""
    rng = np.random.default_rng(0)
    here = np.array([[True, True], [True, False], [True, True]])
    return {
        "samples": rng.uniform(-1, 1, (3, 2, 800)).astype("float32"),
        "samples_mask": here & np.array([[True], [True], [False]]),
        "pose": rng.normal(size=(3, 2, 5)).astype("float32"),
        "pose_mask": here,
    }


def layers():
    """A model of layers of ours."""
    keras.utils.set_random_seed(0)
    inputs = {
        name: keras.Input(value.shape[1:], dtype=value.dtype.name, name=name)
        for name, value in arrays().items()
    }
    masks = {"audio": inputs["samples_mask"], "pose": inputs["pose_mask"]}
    bands = LogMel(8000, bins=4, frames=3, name="log_mel")(inputs["samples"], masks["audio"])
    audio = keras.layers.Reshape((2, 12))(bands)
    features = {"audio": keras.layers.GRU(4, return_sequences=True)(audio), "pose": inputs["pose"]}
    fused = [
        GatedFusion(4, name="gated")(features, masks),
        BottleneckFusion(4, tokens=2, heads=2, name="bottleneck")(features, masks),
    ]
    joined = keras.layers.Concatenate()(fused)
    return keras.Model(inputs, keras.layers.Dense(3, "softmax", name="probabilities")(joined))


def clips():
    """A batch of aligned clips; the second one has no words."""
    rng = np.random.default_rng(1)
    return {
        "audio": rng.uniform(-1, 1, (2, 2, SPEC.samples)).astype("float32"),
        "audio_mask": np.ones((2, 2), bool),
        "text": np.array([["hello", "hello world"], ["", ""]], dtype="S11"),
        "text_mask": np.array([[True, True], [False, False]]),
    }


def reader():
    """A model of model-ready clips."""
    keras.utils.set_random_seed(1)
    inputs = {}
    for name, shape in SPEC.ready_shapes.items():
        dtype = "int32" if name == "text" else "float32"
        inputs[name] = keras.Input(shape, dtype=dtype, name=name)
        inputs[f"{name}_mask"] = keras.Input((SPEC.steps,), dtype="bool", name=f"{name}_mask")
    words = keras.layers.Embedding(10, 4)(inputs["text"])
    features = {
        "audio": keras.layers.Reshape((SPEC.steps, -1))(inputs["audio"]),
        "text": keras.layers.Reshape((SPEC.steps, -1))(words),
    }
    masks = {name: inputs[f"{name}_mask"] for name in features}
    fused = GatedFusion(4)(features, masks)
    head = keras.layers.Dense(len(CLASSES), "softmax", name="probabilities")
    return keras.Model(inputs, head(fused))


def make(name):
    """Writes `saved_by_<name>.zip`: `layers.keras`, `export/1/` and `expected.npz`."""
    model = layers()
    ready = preprocessor(SPEC, vocabulary=["hello", "world"])
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        model.save(folder / "layers.keras")
        export(folder / "export", ready, reader(), classes=CLASSES, spec=SPEC)
        expected = {
            "layers": model.predict(arrays(), verbose=0),
            "export": Predictor(folder / "export").batch(clips()),
        }
        np.savez(folder / "expected.npz", **expected)
        shutil.make_archive(HERE / f"saved_by_{name}", "zip", folder)


if __name__ == "__main__":
    make(sys.argv[1])
