"""Graph models of TensorFlow.js as functions of TensorFlow, without JavaScript."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tensorflow as tf
from google.protobuf import json_format

from mmfusion.files import read_json
from mmfusion.pretrained.tfjs_ops import unfused
from mmfusion.pretrained.tfjs_weights import read_tfjs_weights

GRAPH_MODEL = "graph-model"
SOURCES = ("Const", "Placeholder")


def load_tfjs(path: str | Path) -> Callable[[dict[str, tf.Tensor]], dict[str, tf.Tensor]]:
    """Loads a graph model of TensorFlow.js; its weights become constants of the graph.

    Args:
        path: Path of `model.json`, beside its `.bin` files.

    Returns:
        `tf.function` of a dict of inputs by name that returns a dict of outputs by name.

    Raises:
        FileNotFoundError: if a file is missing.
        ValueError: naming the file, if it is no graph model, or TensorFlow lacks an operation.
    """
    path = Path(path)
    content = read_json(path)
    if not isinstance(content, dict) or content.get("format") != GRAPH_MODEL:
        found = content.get("format") if isinstance(content, dict) else type(content).__name__
        raise ValueError(f"{path}: the format must be {GRAPH_MODEL}. Received: {found}")
    try:
        arrays = read_tfjs_weights(content["weightsManifest"], path.parent)
        graph = _graph(content["modelTopology"], arrays)
        function = _function(graph, _outputs(graph, content.get("signature") or {}))
        function.get_concrete_function()  # checks every operation
    except (KeyError, TypeError, ValueError, json_format.ParseError) as error:
        raise ValueError(f"{path}: cannot be read. Received: {error}") from error
    return function


def save_tfjs(path: str | Path, folder: str | Path) -> None:
    """Writes a graph model of TensorFlow.js as a SavedModel.

    Args:
        path: Path of `model.json`, beside its `.bin` files.
        folder: Path of the SavedModel, whose signature `serving_default` has the model's names.

    Raises:
        FileNotFoundError: if a file is missing.
        ValueError: naming the file, if it cannot be read.
    """
    module = tf.Module()
    module.call = load_tfjs(path)
    tf.saved_model.save(module, str(folder), signatures=module.call.get_concrete_function())


def _graph(topology: dict[str, Any], arrays: dict[str, Any]) -> tf.compat.v1.GraphDef:
    """The graph of TensorFlow, its constants filled."""
    nodes = [part for node in topology["node"] for part in unfused(node, _fused(node))]
    graph = json_format.ParseDict({"node": nodes}, tf.compat.v1.GraphDef())
    for node in graph.node:
        node.device = ""
        if node.op == "Const" and node.name in arrays:
            node.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(arrays[node.name]))
    return graph


def _fused(node):
    names = node.get("attr", {}).get("fused_ops", {}).get("list", {}).get("s", [])
    return [base64.b64decode(name).decode() for name in names]


def _outputs(graph, signature):
    """Names of the tensors to return: those of the signature, or those that nobody reads."""
    if signature.get("outputs"):
        return [output["name"] for output in signature["outputs"].values()]
    read = {name.lstrip("^").split(":")[0] for node in graph.node for name in node.input}
    return [node.name for node in graph.node if node.op not in SOURCES and node.name not in read]


def _function(graph, outputs):
    inputs = {
        node.name: tf.TensorSpec(
            [None if each.size < 0 else each.size for each in node.attr["shape"].shape.dim],
            tf.as_dtype(node.attr["dtype"].type),
            name=node.name,
        )
        for node in graph.node
        if node.op == "Placeholder"
    }
    tensors = [name if ":" in name else f"{name}:0" for name in outputs]

    @tf.function(input_signature=[inputs])
    def call(inputs: dict[str, tf.Tensor]) -> dict[str, tf.Tensor]:
        found = tf.graph_util.import_graph_def(
            graph, input_map=inputs, return_elements=tensors, name=""
        )
        return {name.removesuffix(":0"): value for name, value in zip(tensors, found, strict=True)}

    return call
