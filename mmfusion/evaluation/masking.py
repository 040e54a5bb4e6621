"""Views of a batch in which modalities are absent, or present without their content."""

from collections.abc import Collection, Mapping

import keras
import tensorflow as tf

from mmfusion.specs import MASK_SUFFIX, PIECES_SUFFIX, SENTENCES_SUFFIX


def modalities(model: keras.Model) -> tuple[str, ...]:
    """Names of the modalities of a model: each `<name>_mask` among its inputs, sorted.

    Args:
        model: keras.Model with dict inputs.

    Returns:
        Tuple of str.

    Raises:
        ValueError: if the model has no mask input.
    """
    names = sorted(model.input) if isinstance(model.input, dict) else [model.inputs[0].name]
    found = tuple(name.removesuffix(MASK_SUFFIX) for name in names if name.endswith(MASK_SUFFIX))
    if not found:
        raise ValueError(f"The model must have `<modality>_mask` inputs. Received: inputs={names}")
    return found


def only(inputs: Mapping[str, tf.Tensor], kept: Collection[str]) -> dict[str, tf.Tensor]:
    """The batch with no other modality than those of `kept`: the others are zeros with False masks.

    Args:
        inputs: dict of tensors, masks among them.
        kept: Collection of modality names.

    Returns:
        dict like `inputs`.
    """
    return {
        name: value if _modality(name, inputs) in (None, *kept) else tf.zeros_like(value)
        for name, value in inputs.items()
    }


def blank(inputs: Mapping[str, tf.Tensor]) -> dict[str, tf.Tensor]:
    """The batch with its true masks and every content zero.

    Args:
        inputs: dict of tensors, masks among them.

    Returns:
        dict like `inputs`.
    """
    return {
        name: tf.zeros_like(value) if _is_content(name, inputs) else value
        for name, value in inputs.items()
    }


def _modality(name, inputs):
    """The modality that a tensor belongs to; `None` for one that is of none."""
    name = name.removesuffix(MASK_SUFFIX)
    if name + MASK_SUFFIX not in inputs:
        name = name.removesuffix(PIECES_SUFFIX).removesuffix(SENTENCES_SUFFIX)
    return name if name + MASK_SUFFIX in inputs else None


def _is_content(name, inputs):
    return not name.endswith(MASK_SUFFIX) and _modality(name, inputs) is not None
