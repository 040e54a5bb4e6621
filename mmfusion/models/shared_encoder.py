"""One encoder for all modalities: joint audio-visual models, and shared feature extractors."""

from collections.abc import Callable, Mapping

import keras

from mmfusion import defaults
from mmfusion.fusion.modality_attention import ModalityAttentionFusion
from mmfusion.layers.modality_tokens import ModalityTokens
from mmfusion.layers.sequence.masked_average_pooling import MaskedAveragePooling
from mmfusion.layers.sequence.transformer_block import TransformerBlock
from mmfusion.models.assemble import assemble


def shared_encoder(
    inputs: Mapping[str, keras.KerasTensor],
    *,
    classes: int,
    branches: Mapping[str, Callable],
    fusion: keras.layers.Layer | None = None,
    units: int = defaults.UNITS,
    blocks: int = 2,
    dropout: float = defaults.DROPOUT,
) -> keras.Model:
    """A classifier whose modalities pass the same transformer, one by one, before they are fused.

    Each branch brings its modality to the common width; the weights behind it are shared, so that
    what is learned from audio serves the frames too, and either will do alone. With the branches
    `audio` and `video` it is the joint audio-visual network.

    Args:
        inputs: dict of `keras.Input`, for each modality `name` and its mask `name_mask`.
        classes: int. Number K of classes.
        branches: dict of modality name to branch.
        fusion: fusion layer. Default `ModalityAttentionFusion(units)`.
        units: int. Width D, a multiple of 4. Default 64.
        blocks: int. Blocks of the shared transformer. Default 2.
        dropout: float. Share of features dropped in training. Default 0.3.

    Returns:
        `keras.Model` from the dict of inputs to float32 `(B, K)`.

    Example:

    >>> import keras
    >>> inputs = {name: keras.Input((4, 3), name=name) for name in ("audio", "video")}
    >>> inputs |= {
    ...     f"{name}_mask": keras.Input((4,), dtype="bool", name=f"{name}_mask")
    ...     for name in ("audio", "video")
    ... }
    >>> branches = {"audio": mm.branches.mlp, "video": mm.branches.mlp}
    >>> mm.models.shared_encoder(inputs, classes=2, branches=branches).output_shape
    (None, 2)

    Reference:
        [Akbari et al., 2021](https://arxiv.org/abs/2104.11178)
    """
    encoder = [TransformerBlock(dropout=dropout, name=f"shared_{at}") for at in range(blocks)]
    pooling = MaskedAveragePooling(name="pooling")
    drop = keras.layers.Dropout(dropout, name="dropout")
    probabilities = keras.layers.Dense(
        classes, activation="softmax", dtype="float32", name="probabilities"
    )

    def encoded(branch):
        def read(x, mask):
            features, mask = branch(x, mask)
            tokens = ModalityTokens(units, name=f"{x.name}_tokens")
            sequence = tokens({x.name: features}, {x.name: mask})[x.name]  # (B, T, D)
            for block in encoder:
                sequence = block(sequence, sequence, mask)
            return sequence, mask

        return read

    def head(fused, masks):
        fused = pooling(fused, masks) if len(fused.shape) == 3 else fused
        return probabilities(drop(fused))

    return assemble(
        inputs,
        branches={name: encoded(branch) for name, branch in branches.items()},
        fusion=fusion or ModalityAttentionFusion(units, name="fusion"),
        head=head,
        name="shared_encoder",
    )
