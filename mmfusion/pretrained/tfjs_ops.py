"""The fused operations of TensorFlow.js as those of TensorFlow: convolution, bias, activation."""

from typing import Any

PLAIN = {
    "FusedDepthwiseConv2dNative": "DepthwiseConv2dNative",
    "_FusedConv2D": "Conv2D",
    "_FusedMatMul": "MatMul",
}
KEPT = {  # attributes that the plain operation has as well
    "T",
    "data_format",
    "dilations",
    "explicit_paddings",
    "padding",
    "strides",
    "transpose_a",
    "transpose_b",
}
BIAS = "BiasAdd"
ACTIVATIONS = {"Elu", "LeakyRelu", "Relu", "Relu6", "Sigmoid", "Tanh"}

Node = dict[str, Any]  # as JSON


def unfused(node: Node, fused: list[str]) -> list[Node]:
    """Splits a fused operation.

    Args:
        node: dict. A node of a graph in JSON.
        fused: list of str. The names in its attribute `fused_ops`.

    Returns:
        List of nodes, the last under the name of the old one; that node alone if nothing is fused.

    Raises:
        ValueError: if something else is fused.
    """
    if node["op"] not in PLAIN:
        return [node]
    if fused[:1] != [BIAS] or len(fused) > 2 or not set(fused[1:]) <= ACTIVATIONS:
        known = f"{BIAS} and one of {sorted(ACTIVATIONS)}"
        raise ValueError(f"{node['name']} may fuse {known}. Received: {fused}")
    name, attributes = node["name"], node.get("attr", {})
    kind = {"T": attributes["T"]}
    inputs, (bias, *_) = node["input"][:2], node["input"][2:]
    kept = {key: value for key, value in attributes.items() if key in KEPT}
    plain = {"name": f"{name}/plain", "op": PLAIN[node["op"]], "input": inputs, "attr": kept}
    layout = {key: attributes[key] for key in ("data_format",) if key in attributes}
    nodes = [plain, {"op": BIAS, "input": [plain["name"], bias], "attr": {**kind, **layout}}]
    if fused[1:]:
        nodes[-1]["name"] = f"{name}/biased"
        slope = attributes.get("leakyrelu_alpha") if fused[1] == "LeakyRelu" else None
        attr = kind if slope is None else {**kind, "alpha": slope}
        nodes.append({"op": fused[1], "input": [nodes[-1]["name"]], "attr": attr})
    nodes[-1]["name"] = name
    return nodes
