"""One function for each way to turn one modality into features."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    conv2d=["conv2d"],
    conv_lstm=["conv_lstm"],
    mlp=["mlp"],
    recurrent=["gru", "lstm", "simple_rnn"],
    word_lstm=["word_lstm"],
)
