"""Fusions by the names that `--fusion` takes, each a function of the width D."""

from mmfusion import fusion

FUSIONS = {
    "bottleneck": fusion.BottleneckFusion,
    "concat": lambda units: fusion.ConcatFusion(),
    "cross_attention": fusion.CrossAttentionFusion,
    "decision": fusion.DecisionFusion,
    "feature": fusion.FeatureFusion,
    "film": fusion.FiLMFusion,
    "gated": fusion.GatedFusion,
    "low_rank": fusion.LowRankFusion,
    "modality_attention": fusion.ModalityAttentionFusion,
    "mult": fusion.MulTFusion,
    "self_attention": fusion.SelfAttentionFusion,
    "temporal": fusion.TemporalFusion,
    "tensor": fusion.TensorFusion,
}


def check_fusion(name):
    """Raises a `ValueError` unless the name is known."""
    if name not in FUSIONS:
        raise ValueError(f"`fusion` must be one of {sorted(FUSIONS)}. Received: {name!r}")
