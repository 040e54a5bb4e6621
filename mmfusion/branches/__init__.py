"""One function for each way to turn one modality into features."""

# Not lazy: a saved model finds only the classes that are already registered.
from mmfusion.branches.bert import bert
from mmfusion.branches.conv2d import conv2d
from mmfusion.branches.conv3d import conv2plus1d, conv3d
from mmfusion.branches.conv_lstm import conv_lstm
from mmfusion.branches.conv_maps import conv_maps
from mmfusion.branches.crnn import crnn
from mmfusion.branches.image_backbone import image_backbone
from mmfusion.branches.lip_reading import lip_reading
from mmfusion.branches.mel_cnn import mel_cnn
from mmfusion.branches.mlp import mlp
from mmfusion.branches.motion import motion
from mmfusion.branches.motion_maps import motion_maps
from mmfusion.branches.recurrent import gru, lstm, simple_rnn
from mmfusion.branches.sequential_cnn import sequential_cnn
from mmfusion.branches.tcn import tcn
from mmfusion.branches.transformer import transformer
from mmfusion.branches.two_stream import two_stream
from mmfusion.branches.word_lstm import word_lstm

__all__ = [
    "bert",
    "conv2d",
    "conv2plus1d",
    "conv3d",
    "conv_lstm",
    "conv_maps",
    "crnn",
    "gru",
    "image_backbone",
    "lip_reading",
    "lstm",
    "mel_cnn",
    "mlp",
    "motion",
    "motion_maps",
    "sequential_cnn",
    "simple_rnn",
    "tcn",
    "transformer",
    "two_stream",
    "word_lstm",
]
