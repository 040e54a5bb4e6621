"""Clips whose clean picture is known, and what every function of frames must refuse."""

import cv2
import numpy as np
import pytest


@pytest.fixture(scope="session")
def scene():
    """A still picture with edges, ramps and corners: uint8 (96, 128, 3)."""
    rng = np.random.default_rng(0)
    scene = np.zeros((96, 128, 3), np.uint8)
    scene[..., 0] = np.linspace(60, 200, 128)
    scene[..., 1] = np.linspace(180, 70, 96)[:, None]
    for _ in range(25):
        x, y = rng.integers(0, (118, 86))
        width, height = rng.integers(6, 24, 2)
        cv2.rectangle(scene, (x, y), (x + width, y + height), rng.integers(40, 255, 3).tolist(), -1)
    return scene


@pytest.fixture(scope="session")
def clip(scene):
    """A bright square that walks over the scene: uint8 (8, 96, 128, 3)."""
    frames = np.repeat(scene[None], 8, axis=0)
    for t, frame in enumerate(frames):
        frame[40:50, 10 + 4 * t : 20 + 4 * t] = 240
    return frames


@pytest.fixture(scope="session")
def psnr_db():
    """How near two clips are, in decibels."""

    def psnr_db(clean, other):
        error = np.mean((clean.astype(float) - other) ** 2)
        return 10 * np.log10(255**2 / error)

    return psnr_db
