"""Keras layers that are neither a branch nor a fusion."""

# Not lazy: a saved model finds only the classes that are already registered.
from mmfusion.layers.across_steps import AcrossSteps
from mmfusion.layers.divided_block import DividedBlock
from mmfusion.layers.frame_tower import frame_tower
from mmfusion.layers.learned_shift import LearnedShift
from mmfusion.layers.masked_conv3d import MaskedConv3D
from mmfusion.layers.mel_cnn import MelCNN
from mmfusion.layers.mfcc import MFCC
from mmfusion.layers.modality_tokens import ModalityTokens
from mmfusion.layers.modality_vectors import ModalityVectors
from mmfusion.layers.motion_maps import MotionMaps
from mmfusion.layers.motion_statistics import MotionStatistics
from mmfusion.layers.movement import Movement
from mmfusion.layers.per_step import PerStep
from mmfusion.layers.per_step_fusion import PerStepFusion
from mmfusion.layers.phase_pooling import PhasePooling
from mmfusion.layers.relative_frames import RelativeFrames
from mmfusion.layers.sentence_vectors import SentenceVectors
from mmfusion.layers.sequence_mean import SequenceMean
from mmfusion.layers.spectrogram_conv import SpectrogramConv
from mmfusion.layers.step_pooling import StepPooling
from mmfusion.layers.stream_dropout import StreamDropout
from mmfusion.layers.temperature import Temperature
from mmfusion.layers.temporal_conv import TemporalConv
from mmfusion.layers.text_cnn import TextCNN
from mmfusion.layers.transformer_block import TransformerBlock
from mmfusion.layers.word_backbone import WordBackbone
from mmfusion.layers.word_pieces import WordPieces

__all__ = [
    "MFCC",
    "AcrossSteps",
    "DividedBlock",
    "LearnedShift",
    "MaskedConv3D",
    "MelCNN",
    "ModalityTokens",
    "ModalityVectors",
    "MotionMaps",
    "MotionStatistics",
    "Movement",
    "PerStep",
    "PerStepFusion",
    "PhasePooling",
    "RelativeFrames",
    "SentenceVectors",
    "SequenceMean",
    "SpectrogramConv",
    "StepPooling",
    "StreamDropout",
    "Temperature",
    "TemporalConv",
    "TextCNN",
    "TransformerBlock",
    "WordBackbone",
    "WordPieces",
    "frame_tower",
]
