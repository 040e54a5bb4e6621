"""Keras layers that are neither a branch nor a fusion, in folders by what they read."""

# Not lazy: a saved model finds only the classes that are already registered.
from mmfusion.layers.audio.log_mel import LogMel
from mmfusion.layers.audio.mfcc import MFCC
from mmfusion.layers.modality_tokens import ModalityTokens
from mmfusion.layers.modality_vectors import ModalityVectors
from mmfusion.layers.per_step_fusion import PerStepFusion
from mmfusion.layers.sequence.delta_features import DeltaFeatures
from mmfusion.layers.sequence.feature_scaling import FeatureScaling
from mmfusion.layers.sequence.global_context import GlobalContext
from mmfusion.layers.sequence.group_context import GroupContext
from mmfusion.layers.sequence.learned_shift import LearnedShift
from mmfusion.layers.sequence.masked_average_pooling import MaskedAveragePooling
from mmfusion.layers.sequence.masked_rnn import MaskedRNN
from mmfusion.layers.sequence.per_step import PerStep
from mmfusion.layers.sequence.temporal_conv import TemporalConv
from mmfusion.layers.sequence.temporal_pyramid_pooling import TemporalPyramidPooling
from mmfusion.layers.sequence.transformer_block import TransformerBlock
from mmfusion.layers.temperature import Temperature
from mmfusion.layers.text.bert import SentenceVectors, WordBackbone, WordPieceTokenizer
from mmfusion.layers.text.tokens import Tokens
from mmfusion.layers.video.divided_block import DividedBlock
from mmfusion.layers.video.frame_cnn import frame_cnn
from mmfusion.layers.video.frame_scaling import FrameScaling
from mmfusion.layers.video.motion_statistics import MotionStatistics

__all__ = [
    "MFCC",
    "DeltaFeatures",
    "DividedBlock",
    "FeatureScaling",
    "FrameScaling",
    "GlobalContext",
    "GroupContext",
    "LearnedShift",
    "LogMel",
    "MaskedAveragePooling",
    "MaskedRNN",
    "ModalityTokens",
    "ModalityVectors",
    "MotionStatistics",
    "PerStep",
    "PerStepFusion",
    "SentenceVectors",
    "Temperature",
    "TemporalConv",
    "TemporalPyramidPooling",
    "Tokens",
    "TransformerBlock",
    "WordBackbone",
    "WordPieceTokenizer",
    "frame_cnn",
]
