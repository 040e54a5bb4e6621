"""What a saved Keras file may name: found by Keras before anybody has imported its room."""

import importlib
from types import ModuleType
from typing import Any

import wrapt

PACKAGE = "mmfusion"
SAVED_CLASSES = {
    "branches.conv3d": ("MaskedConv3D",),
    "branches.conv_lstm": ("SpectrogramConv",),
    "branches.lip_reading": ("RelativeFrames",),
    "branches.mel_cnn": ("MelCNN",),
    "branches.motion_maps": ("MotionMaps",),
    "branches.two_stream": ("BranchDropout",),
    "branches.word_lstm": ("TextCNN",),
    "fusion.bottleneck": ("BottleneckFusion",),
    "fusion.concat": ("ConcatFusion",),
    "fusion.cross_attention": ("CrossAttentionFusion",),
    "fusion.decision": ("DecisionFusion",),
    "fusion.feature": ("FeatureFusion",),
    "fusion.film": ("FiLMFusion",),
    "fusion.gated": ("GatedFusion",),
    "fusion.low_rank": ("LowRankFusion",),
    "fusion.modality_attention": ("ModalityAttentionFusion",),
    "fusion.mult": ("MulTFusion",),
    "fusion.self_attention": ("SelfAttentionFusion",),
    "fusion.spatial": ("SpatialFusion",),
    "fusion.temporal": ("TemporalFusion",),
    "fusion.tensor": ("TensorFusion",),
    "layers.audio.log_mel": ("LogMel",),
    "layers.audio.mfcc": ("MFCC",),
    "layers.audio.pre_emphasis": ("PreEmphasis",),
    "layers.modality_tokens": ("ModalityTokens",),
    "layers.modality_vectors": ("ModalityVectors",),
    "layers.per_step_fusion": ("PerStepFusion",),
    "layers.sequence.delta_features": ("DeltaFeatures",),
    "layers.sequence.feature_scaling": ("FeatureScaling",),
    "layers.sequence.global_context": ("GlobalContext",),
    "layers.sequence.group_context": ("GroupContext",),
    "layers.sequence.learned_shift": ("LearnedShift",),
    "layers.sequence.masked_average_pooling": ("MaskedAveragePooling",),
    "layers.sequence.masked_rnn": ("MaskedRNN",),
    "layers.sequence.per_step": ("PerStep",),
    "layers.sequence.temporal_conv": ("TemporalConv",),
    "layers.sequence.temporal_pyramid_pooling": ("TemporalPyramidPooling",),
    "layers.sequence.transformer_block": ("TransformerBlock",),
    "layers.temperature": ("Temperature",),
    "layers.text.bert": ("WordPieceTokenizer", "SentenceVectors", "WordBackbone"),
    "layers.text.tokens": ("Tokens",),
    "layers.video.divided_block": ("DividedBlock",),
    "layers.video.frame_scaling": ("FrameScaling",),
    "layers.video.frame_tower": ("FrameTower",),
    "layers.video.gamma_correction": ("GammaCorrection",),
    "layers.video.motion_statistics": ("MotionStatistics",),
    "losses.contrastive": ("Contrastive", "InfoNCE"),
    "losses.cross_entropy": ("CrossEntropy",),
    "losses.focal": ("Focal",),
    "models.uncertainty_weighting": ("UncertaintyWeighting",),
}


class _Registered:
    """Stands in Keras' registry for a class whose module is not imported yet."""

    def __init__(self, module: str, name: str) -> None:
        self.module = module
        self.name = name

    def from_config(self, config: dict[str, Any]) -> Any:
        module = importlib.import_module(f"{PACKAGE}.{self.module}")  # registers the class itself
        return getattr(module, self.name).from_config(config)


def register_with_keras() -> None:
    """Lets `keras.saving` read files of ours; Keras itself is not imported before somebody does."""
    wrapt.when_imported("keras")(_register)


def _register(keras: ModuleType) -> None:
    known = keras.saving.get_custom_objects()
    for module, names in SAVED_CLASSES.items():
        for name in names:
            known.setdefault(f"{PACKAGE}>{name}", _Registered(module, name))
