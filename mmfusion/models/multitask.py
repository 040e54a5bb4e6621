"""Several questions answered from one fused view of a clip, each by a head of its own."""

from collections.abc import Callable, Mapping

import keras

from mmfusion import defaults
from mmfusion.fusion.decision import DecisionFusion
from mmfusion.layers.sequence.masked_average_pooling import MaskedAveragePooling
from mmfusion.models.assemble import assemble


def multitask(
    inputs: Mapping[str, keras.KerasTensor],
    *,
    tasks: Mapping[str, int],
    branches: Mapping[str, Callable],
    fusion: keras.layers.Layer | None = None,
    units: int = defaults.UNITS,
    dropout: float = defaults.DROPOUT,
) -> keras.Model:
    """A model with a head for each task over the same branches and the same fusion.

    Args:
        inputs: dict of `keras.Input`, for each modality `name` and its mask `name_mask`.
        tasks: dict of task to its number of classes K, or to 1 for a number to predict.
        branches: dict of modality name to branch.
        fusion: fusion layer. Default `DecisionFusion(units)`.
        units: int. Width D of the fusion and of each head. Default 64.
        dropout: float. Share of fused features dropped in training. Default 0.3.

    Returns:
        `keras.Model` from the dict of inputs to a dict of task to float32 `(B, K)`: probabilities,
        or numbers where K is 1. The heads are called as the tasks.

    Raises:
        ValueError: if there is no task.

    Example:

    >>> import keras
    >>> inputs = {"x": keras.Input((4, 3), name="x")}
    >>> inputs["x_mask"] = keras.Input((4,), dtype="bool", name="x_mask")
    >>> model = mm.models.multitask(
    ...     inputs, tasks={"emotion": 7, "valence": 1}, branches={"x": mm.branches.mlp}
    ... )
    >>> {task: tensor.shape for task, tensor in model.output.items()}
    {'emotion': (None, 7), 'valence': (None, 1)}

    Reference:
        [Caruana, 1997](https://doi.org/10.1023/A:1007379606734)
    """
    if not tasks:
        raise ValueError("`tasks` must name at least one task. Received: none")
    pooling = MaskedAveragePooling(name="pooling")

    def head(fused, masks):
        if len(fused.shape) == 3:  # (B, T, D)
            fused = pooling(fused, masks)
        fused = keras.layers.Dropout(dropout, name="dropout")(fused)
        outputs = {}
        for task, classes in sorted(tasks.items()):
            own = keras.layers.Dense(units, activation="relu", name=f"{task}_hidden")(fused)
            activation = "softmax" if classes > 1 else None
            last = keras.layers.Dense(classes, activation=activation, dtype="float32", name=task)
            outputs[task] = last(own)  # (B, K)
        return outputs

    fusion = fusion or DecisionFusion(units, name="fusion")
    return assemble(inputs, branches=branches, fusion=fusion, head=head, name="multitask")
