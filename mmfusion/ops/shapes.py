"""What shapes must agree on."""

from collections.abc import Mapping


def common_steps(features_shape: Mapping[str, tuple[int | None, ...]]) -> int | None:
    """The number of steps T that all modalities have, or `None` where it varies.

    Args:
        features_shape: dict, modality name to shape `(B, T, ...)`.

    Raises:
        ValueError: if the modalities differ in steps.

    Example:

    >>> mm.ops.shapes.common_steps({"audio": (None, 16, 8), "video": (None, 16, 4)})
    16
    """
    steps = {name: shape[1] for name, shape in sorted(features_shape.items())}
    if len(set(steps.values())) > 1:
        raise ValueError(f"All modalities must have the same steps. Received: steps={steps}")
    return steps.popitem()[1]
