import pytest

from mmfusion.pretrained.tfjs_ops import unfused

FLOAT = {"type": "DT_FLOAT"}


def node(op="_FusedConv2D", **attr):
    attr = {"T": FLOAT, "epsilon": {"f": 0}, "num_args": {"i": "1"}, **attr}
    return {"name": "a", "op": op, "input": ["x", "w", "b"], "attr": attr}


def test_others_stay():
    relu = {"name": "a", "op": "Relu", "input": ["x"]}
    assert unfused(relu, []) == [relu]


@pytest.mark.parametrize(
    ("op", "plain"),
    [
        ("_FusedConv2D", "Conv2D"),
        ("_FusedMatMul", "MatMul"),
        ("FusedDepthwiseConv2dNative", "DepthwiseConv2dNative"),
    ],
)
def test_a_bias(op, plain):
    first, last = unfused(node(op, padding={"s": "U0FNRQ=="}), ["BiasAdd"])
    assert (first["op"], first["input"]) == (plain, ["x", "w"])
    assert first["attr"] == {"T": FLOAT, "padding": {"s": "U0FNRQ=="}}
    assert (last["name"], last["op"]) == ("a", "BiasAdd")
    assert last["input"] == [first["name"], "b"]


def test_an_activation():
    layout = {"s": "TkhXQw=="}
    nodes = unfused(node(data_format=layout), ["BiasAdd", "Relu6"])
    assert [each["op"] for each in nodes] == ["Conv2D", "BiasAdd", "Relu6"]
    assert nodes[1]["attr"] == {"T": FLOAT, "data_format": layout}
    assert (nodes[2]["name"], nodes[2]["attr"]) == ("a", {"T": FLOAT})
    assert nodes[2]["input"] == [nodes[1]["name"]]
    assert len({each["name"] for each in nodes}) == 3
    *_, leaky = unfused(node(leakyrelu_alpha={"f": 0.1}), ["BiasAdd", "LeakyRelu"])
    assert leaky["attr"] == {"T": FLOAT, "alpha": {"f": 0.1}}


@pytest.mark.parametrize("fused", [[], ["Relu"], ["BiasAdd", "Swish"], ["BiasAdd", "Add", "Relu"]])
def test_whatever_else_is_fused(fused):
    with pytest.raises(ValueError, match="a may fuse BiasAdd and one of"):
        unfused(node(), fused)
