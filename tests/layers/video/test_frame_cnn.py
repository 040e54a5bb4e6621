"""A small network of single pictures."""

import keras
import numpy as np

from mmfusion.layers.video.frame_cnn import frame_cnn


def test_keeps_the_strongest_answer_of_something_small():
    keras.utils.set_random_seed(0)
    tower = frame_cnn((64, 64, 1), units=8, filters=(4, 4), name="frame")
    pictures = np.zeros((2, 64, 64, 1))
    pictures[1, 30:33, 30:33] = 5
    nothing, small = tower(pictures).numpy()
    assert np.abs(small - nothing).max() > 0.1


def test_has_the_weights_of_its_layers():
    tower = frame_cnn((16, 16, 3), units=8, filters=(4, 6), name="frame")
    convolutions = (3 * 49 + 1) * 4 + (4 * 9 + 1) * 6
    assert tower.count_params() == convolutions + 2 * 12 + (12 + 1) * 8
