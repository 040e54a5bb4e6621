"""Networks in ONNX files (`.onnx`, `.ort`) as functions of arrays, by onnxruntime."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from mmfusion.pretrained.array_spec import ArraySpec, check_arrays

DTYPES = {  # onnxruntime's names of what differs from numpy's
    "tensor(double)": "float64",
    "tensor(float)": "float32",
    "tensor(float16)": "float16",
    "tensor(string)": "object",
}
ERRORS_ONLY = 3


class OnnxFile:
    """A network in an ONNX file, called on arrays by name.

    Args:
        path: Path of an `.onnx` or `.ort` file.
        threads: int. Of one call; as many as cores if `None`.

    Attributes:
        inputs: dict of name to ArraySpec.
        outputs: dict of name to ArraySpec.

    Call arguments:
        arrays: Mapping of the name of each input to an array.

    Returns:
        dict of the name of each output to an array.

    Raises:
        FileNotFoundError: if there is no such file.
        ImportError: if onnxruntime is not installed.
        ValueError: naming the file, if it cannot be read; or if arrays do not fit.
    """

    def __init__(self, path: str | Path, *, threads: int | None = None) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            raise ImportError("ONNX files need a package: pip install 'mmfusion[onnx]'") from error
        if not Path(path).is_file():
            raise FileNotFoundError(f"No network at this path. Received: {path}")
        options = onnxruntime.SessionOptions()
        options.log_severity_level = ERRORS_ONLY
        options.intra_op_num_threads = threads or 0
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # each of its errors is a class of its own
            raise ValueError(f"{path}: no network of ONNX. Received: {error}") from error
        self.path = path
        self.threads = threads
        self.inputs = {each.name: _spec(each) for each in self._session.get_inputs()}
        self.outputs = {each.name: _spec(each) for each in self._session.get_outputs()}

    def __call__(self, arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        found = self._session.run(None, check_arrays(arrays, self.inputs))
        return dict(zip(self.outputs, found, strict=True))


def _spec(argument):
    shape = tuple(size if isinstance(size, int) else None for size in argument.shape)
    kind = argument.type
    return ArraySpec(shape, DTYPES.get(kind, kind.removeprefix("tensor(").removesuffix(")")))
