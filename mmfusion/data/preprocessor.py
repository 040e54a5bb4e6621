"""The Preprocessor: one Keras model from aligned raw tensors to preprocessed ones."""

from collections.abc import Callable, Collection, Sequence

import keras
import tensorflow as tf

from mmfusion.data.cleaning import part_cleaning
from mmfusion.layers.audio.log_mel import LogMel
from mmfusion.layers.audio.pre_emphasis import PreEmphasis
from mmfusion.layers.text.tokens import Tokens
from mmfusion.layers.video.frame_scaling import FrameScaling
from mmfusion.layers.video.gamma_correction import GammaCorrection
from mmfusion.specs import MASK_SUFFIX, SEQUENCE, ClipSpec

DTYPE = "float32"  # of what is prepared for models of any precision
CLEANING: dict[str, Callable[..., keras.layers.Layer]] = {
    "audio.emphasis": PreEmphasis,
    "video.gamma": GammaCorrection,
}
DTYPES = {"audio": "float32", "text": "string", "video": "uint8"}


def preprocessor(spec: ClipSpec, *, vocabulary: Sequence[str] = ()) -> keras.Model:
    """Builds the Preprocessor of a spec.

    The same object is mapped over `tf.data` in training and composed into the export. Of
    `spec.cleaning` it does the steps that it can, as `mm.data.part_cleaning` parts them.

    Args:
        spec: ClipSpec.
        vocabulary: sequence of str, the most frequent word first. Longer than
            `spec.vocabulary_size - 2` it is cut.

    Returns:
        keras.Model from a dict of aligned tensors (`spec.aligned_shapes` and masks `(B, T)`) to a
        dict of preprocessed tensors (`spec.ready_shapes` and the same masks). What a mask calls
        absent is zeros.

    Example:

    >>> spec = mm.ClipSpec(steps=4, modalities=("text",))
    >>> prep = mm.data.preprocessor(spec, vocabulary=["hello"])
    >>> text = np.array([["hello you", "", "", ""]])
    >>> prep({"text": text, "text_mask": text != ""})["text"][0, 0, :3].numpy()
    array([2, 1, 0], dtype=int32)
    """
    # === Layers ===
    layers: dict[str, keras.layers.Layer] = {
        "audio": LogMel(
            spec.sample_rate_hz, spec.mel_bins, spec.mel_frames, dtype=DTYPE, name="log_mel"
        ),
        "text": Tokens(list(vocabulary[: spec.vocabulary_size - 2]), spec.tokens, name="tokens"),
        "video": FrameScaling(dtype=DTYPE, name="frame_scaling"),
    }

    # === Functional Model ===
    _, in_graph = part_cleaning(spec)
    inputs, outputs = {}, {}
    for name, shape in spec.aligned_shapes.items():
        mask_name = name + MASK_SUFFIX
        inputs[name] = keras.Input(shape, dtype=DTYPES[name], name=name)
        inputs[mask_name] = keras.Input((spec.steps,), dtype="bool", name=mask_name)
        cleaned = inputs[name]
        for step in (step for step in in_graph if step.startswith(f"{name}.")):
            cleaned = CLEANING[step](dtype=DTYPE)(cleaned, inputs[mask_name])
        outputs[name] = layers[name](cleaned, inputs[mask_name])
        outputs[mask_name] = keras.layers.Identity(dtype="bool", name=f"{mask_name}_through")(
            inputs[mask_name]
        )
    return keras.Model(inputs, outputs, name="preprocessor")


def preprocess(
    prep: keras.Model, tensors: Collection[str], *, computed: Collection[str] = ()
) -> Callable:
    """A function that maps a Preprocessor over batches `(x, ...)` in `tf.data`.

    Args:
        prep: keras.Model. The Preprocessor.
        tensors: Collection of the names in `x`. What is there already, as sentence vectors that
            were encoded once, is not computed again.
        computed: Collection of the inputs that `x` holds as they leave the Preprocessor, as the
            features of a frozen tower.

    Returns:
        Function of `x` and what goes with it to the preprocessed `x` and the same.
    """
    raw = {name: tensor for name, tensor in prep.input.items() if name not in computed}
    wanted = {
        name: tensor
        for name, tensor in prep.output.items()
        if name in raw or (name not in tensors and name not in prep.input)
    }
    lacking = keras.Model(raw, wanted)

    def call(x, *rest):
        x = x | _absent(prep, x)
        ready = x | lacking({name: x[name] for name in raw}, training=False)
        return {name: ready[name] for name in prep.output}, *rest

    return call


def _absent(prep, x):
    """The inputs that a batch lacks, as zeros with False masks; each clip a sequence of its own."""
    shape = tf.shape(next(x[name] for name in sorted(x) if name.endswith(MASK_SUFFIX)))
    absent = {}
    for name in prep.input.keys() - x.keys():
        if name == SEQUENCE:
            absent[name] = tf.range(shape[0])
            continue
        inner = [shape[1] if size is None else size for size in prep.input[name].shape[1:]]
        absent[name] = tf.zeros((shape[0], *inner), prep.input[name].dtype)
    return absent
