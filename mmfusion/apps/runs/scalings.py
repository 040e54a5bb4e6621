"""Ways to bring features to one scale, by the names that options take."""

from mmfusion.preprocessing.scaling import fit_min_max, fit_robust, fit_z_score

SCALINGS = {"min_max": fit_min_max, "robust": fit_robust, "z_score": fit_z_score}


def check_scaling(name):
    """Raises a `ValueError` unless the name is known."""
    if name not in SCALINGS:
        raise ValueError(f"`scaling` must be one of {sorted(SCALINGS)}. Received: {name!r}")
