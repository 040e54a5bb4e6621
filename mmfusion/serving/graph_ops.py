"""The operations of a SavedModel, read before TensorFlow loads it: none may write or run Python."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import tensorflow as tf
from google.protobuf.message import DecodeError
from tensorflow.core.protobuf import saved_model_pb2

from mmfusion.serving.card import GRAPH
from mmfusion.specs import scope_name

SIGNATURE = "serving_default"
UNSAFE = frozenset({
    # run Python
    *("EagerPyFunc", "PyFunc", "PyFuncStateless"),
    # write files
    *("AudioSummary", "DebugIdentity", "DebugIdentityV2", "DebugIdentityV3"),
    *("DebugNanCount", "DebugNumericSummary", "DebugNumericSummaryV2", "PrintV2", "WriteFile"),
    *("DistributedSave", "MergeV2Checkpoints", "Save", "SaveSlices", "SaveV2"),
    *("CacheDataset", "CacheDatasetV2", "DatasetToTFRecord", "SaveDataset", "SaveDatasetV2"),
    *("SnapshotChunkDataset", "SnapshotDataset", "SnapshotDatasetV2"),
    *("CreateSummaryDbWriter", "CreateSummaryFileWriter", "ImportEvent", "SummaryWriter"),
    *("WriteAudioSummary", "WriteGraphSummary", "WriteHistogramSummary", "WriteImageSummary"),
    *("WriteRawProtoSummary", "WriteScalarSummary", "WriteSummary"),
    # reach other machines
    *("DataServiceDataset", "DataServiceDatasetV2", "DataServiceDatasetV3"),
    *("DataServiceDatasetV4", "RegisterDataset", "RegisterDatasetV2", "RpcCall", "RpcClient"),
})  # fmt: skip


def check_graph(version: str | Path, card: Mapping[str, Any], *, trust: bool = False) -> None:
    """Checks the SavedModel in a version folder, without loading it.

    Its saver, which writes checkpoints but never runs when a model is loaded or called, may write.

    Args:
        version: Path of the version folder.
        card: dict, what `card.json` says.
        trust: bool. Whether operations that write or run Python are allowed.

    Raises:
        ValueError: one line, if it cannot be read, has such operations, or is not as its card says.
    """
    path = Path(version) / GRAPH
    try:
        graphs = saved_model_pb2.SavedModel.FromString(path.read_bytes()).meta_graphs
    except DecodeError as error:
        raise ValueError(f"{version}: TensorFlow cannot load it. Received: {error}") from None
    for graph in graphs:
        unsafe = sorted({node.op for node in _nodes_that_may_run(graph)} & UNSAFE)
        if unsafe and not trust:
            raise ValueError(
                f"{path}: operations that write or run Python are loaded only with `trust=True` "
                f"(`--trust`). Received: {unsafe}"
            )
    signatures = [each.signature_def for each in graphs if SIGNATURE in each.signature_def]
    if len(graphs) != 1 or not signatures:
        raise ValueError(f"{version}: TensorFlow cannot load it. Received: no {SIGNATURE}")
    _check_signature(signatures[0][SIGNATURE], card, path)


def _nodes_that_may_run(graph) -> Iterator[Any]:
    """Every node of the graph and its functions, but of the functions that only the saver calls."""
    functions = {each.signature.name: each.node_def for each in graph.graph_def.library.function}
    save = graph.saver_def.save_tensor_name.partition(":")[0]
    saver = [node for node in graph.graph_def.node if node.name == save]
    others = [node for node in graph.graph_def.node if node.name != save]
    its_own = _all_called(_called(saver, functions), functions)
    served = functions.keys() & graph.object_graph_def.concrete_functions.keys()
    roots = (functions.keys() - its_own) | served | {*_called(others, functions)}
    yield from others
    for name in _all_called(roots, functions):
        yield from functions[name]


def _all_called(names: Iterable[str], functions: Mapping[str, Any]) -> set[str]:
    """These functions and all that they call, directly or not."""
    seen: set[str] = set()
    todo = [*names]
    while todo:
        if (name := todo.pop()) not in seen:
            seen.add(name)
            todo += _called(functions[name], functions)
    return seen


def _called(nodes, functions):
    """The names of the functions that nodes call."""
    for node in nodes:
        values = node.attr.values()
        names = [node.op, *(value.func.name for value in values)]
        names += [func.name for value in values for func in value.list.func]
        yield from (name for name in names if name in functions)


def _check_signature(signature, card, path):
    found = {name: (tf.as_dtype(t.dtype).name, _shape(t)) for name, t in signature.inputs.items()}
    declared = {scope_name(name): (t["dtype"], t["shape"]) for name, t in card["inputs"].items()}
    if found != declared:
        wrong = sorted(
            name for name in {*found, *declared} if found.get(name) != declared.get(name)
        )
        raise ValueError(f"{path}: `inputs` are not those of its card. Received: {wrong}")
    outputs = signature.outputs
    count = _shape(outputs["probabilities"])[-1:] if "probabilities" in outputs else []
    if count not in ([None], [len(card["classes"])]):
        raise ValueError(
            f"{path}: `probabilities` must be of the {len(card['classes'])} `classes` of its card. "
            f"Received: {count}"
        )


def _shape(tensor):
    return [None if axis.size < 0 else axis.size for axis in tensor.tensor_shape.dim]
