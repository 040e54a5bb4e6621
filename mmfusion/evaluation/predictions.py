"""One pass over a dataset, whatever number of views of its inputs the model is to score."""

import keras
import numpy as np


def predictions(model, dataset, views):
    """Scores every view of every batch, reading the dataset once.

    Args:
        model: keras.Model that gives probabilities `(B, K)`.
        dataset: Iterable of `(inputs, labels)` or `(inputs, labels, sample_weight)` batches, labels
            being class numbers `(B,)`.
        views: dict, name to a function from the inputs of a batch to the inputs to score.

    Returns:
        Tuple of the probabilities of each view, a dict of name to float64 `(N, K)`, and the labels,
        int `(N,)`.

    Raises:
        ValueError: if a probability is not finite, or a label is not a class number.
    """
    classes = model.output_shape[-1]
    scored = {name: [np.zeros((0, classes))] for name in views}
    labels = [np.zeros(0, int)]
    for number, (inputs, batch_labels, *_) in enumerate(dataset):
        labels.append(_class_numbers(batch_labels, classes, number))
        for name, view in views.items():
            probabilities = np.asarray(model.predict_on_batch(view(inputs)), "float64")  # (B, K)
            if not np.isfinite(probabilities).all():
                raise ValueError(
                    f"Probabilities must be finite. Received: NaN or Inf in batch {number}"
                )
            scored[name].append(probabilities)
    return {name: np.concatenate(parts) for name, parts in scored.items()}, np.concatenate(labels)


def _class_numbers(labels, classes, number):
    labels = keras.ops.convert_to_numpy(labels).astype(int)
    if labels.ndim != 1 or not ((labels >= 0) & (labels < classes)).all():
        raise ValueError(
            f"Labels must be class numbers (B,) from 0 to {classes - 1}. "
            f"Received: labels={labels.tolist()}, batch {number}"
        )
    return labels
