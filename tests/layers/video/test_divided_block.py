"""Attention in time, then in space."""

import numpy as np

from mmfusion.layers.video.divided_block import DividedBlock


def reached(changed):
    """Which of 3 steps x 4 patches move when the one at `changed` does."""
    block = DividedBlock(2)
    tokens, mask = np.random.default_rng(0).normal(size=(1, 3, 4, 8)), np.ones((1, 3), bool)
    before = np.array(block(tokens, mask))
    tokens[0, *changed, ::2] += 1
    return np.abs(np.array(block(tokens, mask)) - before).max(axis=(0, 3)) > 1e-6


def test_a_patch_is_seen_in_every_step_and_then_about_each():
    assert reached((1, 2)).all()


def test_time_comes_by_the_same_place_alone():
    block = DividedBlock(2)
    tokens, mask = np.random.default_rng(0).normal(size=(1, 3, 4, 8)), np.ones((1, 3), bool)
    block(tokens, mask)
    block.space.attention._output_dense.kernel.assign(
        0 * block.space.attention._output_dense.kernel
    )
    before = np.array(block(tokens, mask))
    tokens[0, 1, 2, ::2] += 1
    moved = np.abs(np.array(block(tokens, mask)) - before).max(axis=(0, 3)) > 1e-6
    assert moved.tolist() == [[False, False, True, False]] * 3


def test_absent_steps_are_zero_and_never_read():
    block = DividedBlock(2)
    tokens = np.random.default_rng(0).normal(size=(1, 3, 4, 8))
    mask = np.array([[True, False, True]])
    before = np.array(block(tokens, mask))
    assert not before[0, 1].any()
    tokens[0, 1] = np.nan
    np.testing.assert_array_equal(block(tokens, mask), before)
