"""The Preprocessor of a corpus of arrays: numbers brought to one scale, words to token ids."""

from collections.abc import Callable, Sequence

import keras
from keras import ops

from mmfusion.data.arrays import Arrays, is_image
from mmfusion.data.preprocessor import DTYPE
from mmfusion.layers.sequence.feature_scaling import FeatureScaling
from mmfusion.layers.text.tokens import Tokens
from mmfusion.layers.video.frame_scaling import FrameScaling
from mmfusion.preprocessing.scaling import Scaling, fit_z_score
from mmfusion.specs import MASK_SUFFIX, SENTENCES_SUFFIX, scope_name

FARTHEST = 5.0  # standard deviations: sensors and extractors now and then return absurd numbers
ROWS = 1_000  # fitted to at once


def array_preprocessor(
    arrays: Arrays,
    *,
    vocabulary: Sequence[str] = (),
    tokens: int = 32,
    fit: Callable[..., Scaling] = fit_z_score,
    sentences: Callable | None = None,
) -> keras.Model:
    """Builds the Preprocessor, its numbers fitted to these rows.

    Numbers are scaled feature by feature, by default to mean 0 and standard deviation 1, and cut
    at 5. Images, arrays of uint8 with four axes or more, are scaled to [-1, 1] and get a channel of
    what has moved.

    Args:
        arrays: Arrays to fit to, those of the training part alone.
        vocabulary: sequence of str, the words that get an id of their own.
        tokens: int. Token ids L of a step; words beyond are cut.
        fit: function of pairs of arrays and masks that returns a `Scaling`, as `fit_min_max`.
        sentences: function of texts `(B, T)` and their mask to vectors `(B, T, D)`, as
            `BertEncoder.vectors`. What it returns is beside the words `<name>`, under their mask,
            as `<name>_sentences`.

    Returns:
        keras.Model from a dict of `(B, T, ...)` tensors and their masks `(B, T)` to a dict with
        the same keys: numbers `(B, T, ...)`, images `(B, T, H, W, C + 1)`, words `(B, T, L)`.
    """
    inputs, outputs = {}, {}
    for name in arrays.modalities:
        values, mask_name = arrays.tensors[name], name + MASK_SUFFIX
        mask = arrays.tensors[mask_name]
        shape = (None, *values.shape[1:]) if arrays.ordered else values.shape[1:]
        dtype = "string" if values.dtype.kind == "U" else values.dtype.name
        inputs[name] = keras.Input(shape, dtype=dtype, name=name)
        inputs[mask_name] = keras.Input(shape[:1], dtype="bool", name=mask_name)
        if dtype == "string":
            layer = Tokens(list(vocabulary), tokens, name=scope_name(f"{name}_tokens"))
            if sentences is not None:
                outputs[name + SENTENCES_SUFFIX] = sentences(inputs[name], inputs[mask_name])
        elif is_image(values):
            layer = FrameScaling(dtype=DTYPE, name=scope_name(f"{name}_scaling"))
        else:
            parts = range(0, len(values), ROWS)
            scaling = fit((values[at : at + ROWS], mask[at : at + ROWS]) for at in parts)
            layer = FeatureScaling(
                **scaling.to_dict(), dtype=DTYPE, name=scope_name(f"{name}_scaling")
            )
        outputs[name] = layer(inputs[name], inputs[mask_name])
        if dtype == "float32":
            outputs[name] = ops.clip(outputs[name], -FARTHEST, FARTHEST)
        through = keras.layers.Identity(dtype="bool", name=scope_name(f"{mask_name}_through"))
        outputs[mask_name] = through(inputs[mask_name])
    return keras.Model(inputs, outputs, name="preprocessor")
