"""A pretrained language model over subword tokens, for each step."""

import keras

from mmfusion.branches.recurrent import lstm
from mmfusion.layers.sequence.per_step import PerStep
from mmfusion.layers.text.bert import WordBackbone
from mmfusion.specs import scope_name


def bert(
    inputs: keras.KerasTensor,
    mask: keras.KerasTensor,
    *,
    backbone: keras.Model,
    units: int = 64,
    trainable: bool = False,
) -> tuple[keras.KerasTensor, keras.KerasTensor]:
    """Encodes the text of each step by a pretrained language model.

    The token ids must be those of the backbone's own tokeniser, 0 for padding, as of
    `keras_hub.models.BertTokenizer`.

    Args:
        inputs: named `keras.Input`, int token ids of shape `(B, T, L)`, 0 for padding.
        mask: bool tensor of shape `(B, T)`.
        backbone: `keras.Model` of a dict of `token_ids`, `padding_mask` and where it has them
            `segment_ids`, each `(N, L)`, to states `(N, L, D_b)` or a dict with
            `sequence_output`, as `keras_hub.models.BertBackbone.from_preset(folder)` and its kin.
        units: int. Width D of the features. Default 64.
        trainable: bool. Whether the backbone is trained on. Default `False`.

    Returns:
        Features `(B, T, D)` and the mask.

    Example:

    >>> import keras
    >>> names = ("token_ids", "padding_mask")
    >>> inputs = {name: keras.Input((None,), dtype="int32", name=name) for name in names}
    >>> backbone = keras.Model(inputs, keras.layers.Embedding(100, 8)(inputs["token_ids"]))
    >>> words, mask = keras.Input((4, 6), name="text"), keras.Input((4,), dtype="bool")
    >>> features, _ = mm.branches.bert(words, mask, backbone=backbone, units=16)
    >>> features.shape
    (None, 4, 16)

    Reference:
        [Devlin et al., 2019](https://arxiv.org/abs/1810.04805)
    """
    name = scope_name(inputs.name)
    backbone.trainable = trainable
    words = WordBackbone(backbone, name=f"{name}_words")
    features = PerStep(words, name=f"{name}_bert")(inputs, mask)  # (B, T, D_b)
    return lstm(features, mask, units=units, name=name)
