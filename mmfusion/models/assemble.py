"""The one place where branches, fusion and head meet."""

from collections.abc import Callable, Mapping

import keras


def assemble(
    inputs: Mapping[str, keras.KerasTensor],
    *,
    branches: Mapping[str, Callable],
    fusion: keras.layers.Layer,
    head: Callable,
    name: str | None = None,
) -> keras.Model:
    """Joins a branch for each modality, one fusion and one head to a model.

    Args:
        inputs: dict of `keras.Input`, for each modality `name` and its mask `name_mask`.
        branches: dict, modality name to branch: a function `(inputs, mask)` to features
            `(B, T, D)` and a mask, or a `keras.Model` of `[inputs, mask]`.
        fusion: Keras layer, dict of features and dict of masks to `(B, T, D)` or `(B, D)`.
        head: function of the fused tensor and the dict of masks to the outputs.
        name: str. Name of the model.

    Returns:
        `keras.Model` from the dict of inputs to what the head returns.

    Raises:
        ValueError: if the inputs of a branch are missing.
    """
    features, masks = {}, {}
    for modality, branch in sorted(branches.items()):
        if not {modality, f"{modality}_mask"} <= set(inputs):
            raise ValueError(
                f"The branch {modality!r} needs the inputs {modality!r} and '{modality}_mask'. "
                f"Received: inputs={sorted(inputs)}"
            )
        pair = inputs[modality], inputs[f"{modality}_mask"]
        outputs = branch(list(pair)) if isinstance(branch, keras.Model) else branch(*pair)
        features[modality], masks[modality] = outputs
    return keras.Model(inputs, head(fusion(features, masks), masks), name=name)
