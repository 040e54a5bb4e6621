"""The head of a classifier: fused features, and their context, to the probabilities of classes."""

from collections.abc import Callable, Mapping

import keras
from keras import ops

from mmfusion.layers.sequence.group_context import GroupContext
from mmfusion.layers.sequence.masked_average_pooling import MaskedAveragePooling
from mmfusion.ops.masks import any_modality
from mmfusion.specs import SEQUENCE


def class_head(
    classes: int, dropout: float, inputs: Mapping[str, keras.KerasTensor] | None = None
) -> Callable:
    """A head for `assemble`.

    Args:
        classes: int. Number K of classes.
        dropout: float. Share of fused features dropped in training.
        inputs: dict of `keras.Input`. With a `sequence` among them, int `(B,)`, the mean of the
            clips with the same number is read beside each.

    Returns:
        Function of the fused tensor, `(B, T, D)` or `(B, D)`, and the dict of masks to
        probabilities, float32 `(B, K)`.

    Reference:
        [Poria et al., 2017](https://aclanthology.org/P17-1081)
    """
    pooling = MaskedAveragePooling(name="pooling")
    drop = keras.layers.Dropout(dropout, name="dropout")
    probabilities = keras.layers.Dense(
        classes, activation="softmax", dtype="float32", name="probabilities"
    )

    def head(fused, masks):
        if len(fused.shape) == 3:  # (B, T, D)
            fused = pooling(fused, masks)
        fused = drop(fused)
        if inputs and SEQUENCE in inputs:
            present = ops.any(any_modality(masks), axis=1)  # (B,)
            around = GroupContext(name="context")(fused, inputs[SEQUENCE], present)
            fused = ops.concatenate([fused, around], axis=-1)
        return probabilities(fused)  # (B, K)

    return head
