"""The plain convolutional network of the book, for each frame."""

import keras

from mmfusion.branches.sequential_cnn import sequential_cnn


def test_is_the_network_of_the_book():
    inputs, mask = keras.Input((2, 16, 16, 3), name="x"), keras.Input((2,), dtype="bool")
    model = keras.Model([inputs, mask], sequential_cnn(inputs, mask, units=10)[0])
    convolutions = (3 * 9 + 1) * 32 + (32 * 9 + 1) * 64
    flat = 2 * 2 * 64  # 16 -> 14 -> 7 -> 5 -> 2
    assert model.count_params() == convolutions + (flat + 1) * 1024 + (1024 + 1) * 10
