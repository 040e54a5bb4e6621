"""Several models of one thing as one: the mean of their predictions."""

from collections.abc import Sequence

import keras


def mean_of(models: Sequence[keras.Model]) -> keras.Model:
    """A model that returns the mean probabilities of several that take the same inputs.

    Args:
        models: sequence of `keras.Model` with the same dict of inputs and the same outputs.

    Returns:
        `keras.Model`, one of the `models` if there is no other.

    Raises:
        ValueError: if there is no model.

    Example:

    >>> models = [mm.models.classifier({"x": (4, 3)}, classes=2) for _ in range(3)]
    >>> mm.models.mean_of(models).output_shape
    (None, 2)

    Reference:
        [Hansen and Salamon, 1990](https://doi.org/10.1109/34.58871)
    """
    if not models:
        raise ValueError("`models` must hold at least one. Received: none")
    if len(models) == 1:
        return models[0]
    inputs = {
        name: keras.Input(tensor.shape[1:], dtype=tensor.dtype, name=name)
        for name, tensor in models[0].input.items()
    }
    predictions = []
    for at, model in enumerate(models):
        inner = keras.Model(model.input, model.output, name=f"{model.name}_{at}")
        predictions.append(inner(inputs))
    mean = keras.layers.Average(dtype="float32", name="probabilities")(predictions)
    return keras.Model(inputs, mean, name="mean")
