"""One Keras layer for each way to bring modalities together."""

# Not lazy: a saved model finds only the classes that are already registered.
from mmfusion.fusion.bottleneck import BottleneckFusion
from mmfusion.fusion.concat import ConcatFusion
from mmfusion.fusion.cross_attention import CrossAttentionFusion
from mmfusion.fusion.decision import DecisionFusion
from mmfusion.fusion.feature import FeatureFusion
from mmfusion.fusion.film import FiLMFusion
from mmfusion.fusion.gated import GatedFusion
from mmfusion.fusion.low_rank import LowRankFusion
from mmfusion.fusion.modality_attention import ModalityAttentionFusion
from mmfusion.fusion.mult import MulTFusion
from mmfusion.fusion.self_attention import SelfAttentionFusion
from mmfusion.fusion.spatial import SpatialFusion
from mmfusion.fusion.temporal import TemporalFusion
from mmfusion.fusion.tensor import TensorFusion

__all__ = [
    "BottleneckFusion",
    "ConcatFusion",
    "CrossAttentionFusion",
    "DecisionFusion",
    "FeatureFusion",
    "FiLMFusion",
    "GatedFusion",
    "LowRankFusion",
    "ModalityAttentionFusion",
    "MulTFusion",
    "SelfAttentionFusion",
    "SpatialFusion",
    "TemporalFusion",
    "TensorFusion",
]
