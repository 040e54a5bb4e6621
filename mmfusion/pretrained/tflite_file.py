"""Networks in TensorFlow Lite files (`.tflite`) as functions of arrays."""

import threading
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import tensorflow as tf

from mmfusion.pretrained.array_spec import ArraySpec, check_arrays

# Warnings of newer TensorFlow: that its interpreter will move, which up to 2.21 it has not, and
# that inner tensors need memory.
KNOWN = r"\s*Warning: (tf\.lite\.Interpreter is deprecated|Enabling .experimental_preserve)"


class TfliteFile:
    """A network in a TensorFlow Lite file, called on arrays by name, by one thread at a time.

    Args:
        path: Path of a `.tflite` file.
        threads: int. Of one call; as many as TensorFlow Lite takes if `None`.
        extra: sequence of str. Names of inner tensors that are returned as well; all of them are
            then kept in memory.

    Attributes:
        inputs: dict of name to ArraySpec.
        outputs: dict of name to ArraySpec.

    Call arguments:
        arrays: Mapping of the name of each input to an array.

    Returns:
        dict of the name of each output to an array.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: naming the file, if it cannot be read or lacks a tensor of `extra`; or if
            arrays do not fit.
    """

    def __init__(
        self, path: str | Path, *, threads: int | None = None, extra: Sequence[str] = ()
    ) -> None:
        if not Path(path).is_file():
            raise FileNotFoundError(f"No network at this path. Received: {path}")
        try:
            self._interpreter = _interpreter(path, threads, bool(extra))
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ValueError(f"{path}: no network of TFLite. Received: {error}") from error
        self.path = path
        self.threads = threads
        self.extra = tuple(extra)
        self._lock = threading.Lock()
        takes = self._interpreter.get_input_details()
        returns = self._interpreter.get_output_details()
        inner = {each["name"]: each for each in self._interpreter.get_tensor_details()}
        for name in self.extra:
            if name not in inner:
                raise ValueError(f"{path}: no such tensor. Received: {name!r}")
            returns.append(inner[name])
        self._index = {each["name"]: each["index"] for each in [*takes, *returns]}
        self.inputs = {each["name"]: _spec(each) for each in takes}
        self.outputs = {each["name"]: _spec(each) for each in returns}

    def __call__(self, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        arrays = check_arrays(arrays, self.inputs)
        with self._lock:
            shapes = {each["name"]: each["shape"] for each in self._interpreter.get_input_details()}
            changed = [name for name in arrays if tuple(shapes[name]) != arrays[name].shape]
            for name in changed:
                self._interpreter.resize_tensor_input(self._index[name], arrays[name].shape)
            if changed:
                self._interpreter.allocate_tensors()
            for name, array in arrays.items():
                self._interpreter.set_tensor(self._index[name], array)
            self._interpreter.invoke()
            return {name: self._interpreter.get_tensor(self._index[name]) for name in self.outputs}


def _interpreter(path, threads, keeps_all):
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", KNOWN, UserWarning)
        return tf.lite.Interpreter(
            str(path), num_threads=threads, experimental_preserve_all_tensors=keeps_all
        )


def _spec(details):
    shape = tuple(None if size < 0 else int(size) for size in details["shape_signature"])
    return ArraySpec(shape, np.dtype(details["dtype"]).name)
