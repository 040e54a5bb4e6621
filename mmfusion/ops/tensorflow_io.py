"""tensorflow-io where it is installed and its kernels load, and `None` elsewhere."""

try:
    import tensorflow_io as tfio

    tfio.audio.freq_mask  # noqa: B018  native kernels load on first use and fail on foreign versions
except (ImportError, NotImplementedError, AttributeError):
    tfio = None
