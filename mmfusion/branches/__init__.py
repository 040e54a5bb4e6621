"""One function for each way to turn one modality into features."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    bert=["bert"],
    conv2d=["conv2d"],
    conv3d=["conv2plus1d", "conv3d"],
    conv_lstm=["conv_lstm"],
    conv_maps=["conv_maps"],
    crnn=["crnn"],
    lip_reading=["lip_reading"],
    mel_cnn=["mel_cnn"],
    mlp=["mlp"],
    motion=["motion"],
    motion_maps=["motion_maps"],
    picture_tower=["picture_tower"],
    recurrent=["gru", "lstm", "simple_rnn"],
    sequential_cnn=["sequential_cnn"],
    tcn=["tcn"],
    transformer=["transformer"],
    two_stream=["two_stream"],
    word_lstm=["word_lstm"],
)
