"""One pass over a dataset, whatever number of views of its inputs the model is to score."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import keras
import numpy as np
import tensorflow as tf


def predictions(
    model: keras.Model, dataset: Iterable[tuple], views: Mapping[str, Callable]
) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Scores every view of every batch, reading the dataset once.

    Args:
        model: keras.Model that predicts probabilities `(B, K)`, or `(B, T, K)` for each step.
        dataset: Iterable of `(inputs, labels)` or `(inputs, labels, sample_weight)` batches, labels
            being class numbers `(B,)`. Those of steps are `(B, T)`, with weight 0 where there is
            none; N then counts steps.
        views: dict, name to a function from the inputs of a batch to the inputs to score.

    Returns:
        Tuple of the probabilities of each view, a dict of name to float64 `(N, K)`, and the labels,
        int `(N,)`.

    Raises:
        ValueError: if a probability is not finite, or a label is not a class number.
    """
    *axes, classes = model.output_shape  # (B, K) or (B, T, K)
    scored = {name: [np.zeros((0, classes))] for name in views}
    labels = [np.zeros(0, int)]
    for number, (inputs, batch_labels, *weights) in enumerate(dataset):
        chosen = labelled(batch_labels, weights)
        labels.append(_class_numbers(batch_labels, axes, classes, number)[chosen])
        for name, view in views.items():
            probabilities = np.asarray(model.predict_on_batch(view(inputs)), "float64")[chosen]
            if not np.isfinite(probabilities).all():
                raise ValueError(
                    f"Probabilities must be finite. Received: NaN or Inf in batch {number}"
                )
            scored[name].append(probabilities)  # (B, K), or of steps (those with a label, K)
    return {name: np.concatenate(parts) for name, parts in scored.items()}, np.concatenate(labels)


def labelled(labels: tf.Tensor, weights: Sequence[tf.Tensor]) -> np.ndarray:
    """Which labels of a batch count: all `(B,)`, and of steps `(B, T)` those with a weight.

    Args:
        labels: tensor of class numbers.
        weights: list that holds the sample weights, if there are any.

    Returns:
        bool array of the shape of `labels`.
    """
    if len(labels.shape) == 2 and weights:
        return np.asarray(weights[0]) > 0
    return np.ones(labels.shape, bool)


def _class_numbers(labels, axes, classes, number):
    labels = keras.ops.convert_to_numpy(labels).astype(int)
    if labels.ndim != len(axes) or not ((labels >= 0) & (labels < classes)).all():
        raise ValueError(
            f"Labels must be class numbers {'(B,)' if len(axes) == 1 else '(B, T)'} "
            f"from 0 to {classes - 1}. "
            f"Received: labels={labels.tolist()}, batch {number}"
        )
    return labels
