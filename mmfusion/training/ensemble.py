"""How several models become one: votes, means, weights and a model of models.

Weights are found on predictions of clips that no member was trained on. `predicted` is always a
float array `(M, N, K)`: the probabilities of M members for the K classes of N clips.
"""

from collections.abc import Sequence

import keras
import numpy as np
from sklearn.linear_model import LogisticRegression

SMALLEST = 1e-7  # probability
ROUNDS = 200


def equal_weights(
    predicted: Sequence[np.ndarray] | np.ndarray, labels: np.ndarray | None
) -> np.ndarray:
    """The same weight for every member: a plain mean.

    Returns:
        float array `(M,)`.
    """
    return np.full(len(predicted), 1 / len(predicted))


def mixture_weights(predicted: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The weights of a mixture of members under which the labels are likeliest.

    Args:
        predicted: float array `(M, N, K)`, of clips that no member was trained on.
        labels: int array `(N,)`.

    Returns:
        float array `(M,)`, none negative, of sum 1.

    Example:

    >>> good, bad = [[0.9, 0.1], [0.2, 0.8]], [[0.5, 0.5], [0.5, 0.5]]
    >>> mixture_weights(np.array([good, bad]), np.array([0, 1])).round(2)
    array([1., 0.])
    """
    truth = np.maximum(predicted[:, np.arange(len(labels)), labels], SMALLEST)  # (M, N)
    weights = equal_weights(predicted, labels)
    for _ in range(ROUNDS):  # expectation and maximisation: the likelihood never falls
        shares = weights[:, None] * truth
        weights = (shares / shares.sum(axis=0)).mean(axis=1)
    return weights


def mean(outputs: Sequence[keras.KerasTensor], weights: np.ndarray) -> keras.KerasTensor:
    """A layer of layers: the weighted mean of the members' outputs.

    Args:
        outputs: list of M Keras tensors `(B, K)`.
        weights: float array `(M,)`.

    Returns:
        Keras tensor `(B, K)`.
    """
    return sum(float(weight) * output for weight, output in zip(weights, outputs, strict=True))


def vote(outputs: Sequence[keras.KerasTensor]) -> keras.KerasTensor:
    """The share of the members that call each class.

    Args:
        outputs: list of M Keras tensors `(B, K)`.

    Returns:
        Keras tensor `(B, K)`.
    """
    classes = outputs[0].shape[-1]
    calls = [keras.ops.one_hot(keras.ops.argmax(each, axis=-1), classes) for each in outputs]
    return sum(calls) / len(calls)


def fit_stack(predicted: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A logistic regression on the members' log-probabilities.

    Args:
        predicted: float array `(M, N, K)`, of clips that no member was trained on.
        labels: int array `(N,)`, each of the K classes in it.

    Returns:
        Tuple of a kernel `(M * K, K)` and a bias `(K,)`.

    Raises:
        ValueError: if a class has no clip.

    Reference:
        [Wolpert, 1992](https://doi.org/10.1016/S0893-6080(05)80023-1)
    """
    members, clips, classes = predicted.shape
    if len(np.unique(labels)) != classes:
        raise ValueError(f"Each of {classes} classes needs a clip. Received: {np.unique(labels)}")
    features = (
        np.log(np.maximum(predicted, SMALLEST)).transpose(1, 0, 2).reshape(clips, members * classes)
    )
    fitted = LogisticRegression(C=0.1, max_iter=1000).fit(features, labels)
    if classes == 2:  # scikit-learn returns the second class alone
        kernel = np.stack([np.zeros(members * 2), fitted.coef_[0]], axis=1)
        return kernel, np.array([0.0, fitted.intercept_[0]])
    return fitted.coef_.T, fitted.intercept_


def stack(
    outputs: Sequence[keras.KerasTensor], kernel: np.ndarray, bias: np.ndarray
) -> keras.KerasTensor:
    """What `fit_stack` found, as a layer over the members' outputs.

    Args:
        outputs: list of M Keras tensors `(B, K)`.
        kernel: float array `(M * K, K)`.
        bias: float array `(K,)`.

    Returns:
        Keras tensor `(B, K)`.
    """
    logs = [keras.ops.log(keras.ops.maximum(output, SMALLEST)) for output in outputs]
    layer = keras.layers.Dense(len(bias), activation="softmax", dtype="float32", name="stack")
    layer.build((None, len(kernel)))
    layer.set_weights([kernel, bias])
    return layer(keras.ops.concatenate(logs, axis=-1))
