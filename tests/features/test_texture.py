import numpy as np

from mmfusion.features.texture import extract_texture


def test_one_pixel_and_no_frames():
    assert extract_texture(np.zeros((0, 4, 4, 3), "uint8")).shape == (0, 10)
    np.testing.assert_allclose(extract_texture(np.zeros((1, 1, 1, 3), "uint8")).sum(), 1)


def test_a_flat_frame_has_one_pattern_and_noise_has_many():
    noise = np.random.default_rng(0).integers(0, 256, (1, 32, 32, 3)).astype("uint8")
    flat, rough = extract_texture(np.concatenate([np.full_like(noise, 99), noise]))
    assert sorted(flat)[-2:] == [0, 1] or flat.max() > 0.85  # edges see the zeros around a frame
    assert rough.max() < 0.5
    np.testing.assert_allclose([flat.sum(), rough.sum()], 1, rtol=1e-6)


def test_rotation_changes_little():
    noise = np.random.default_rng(0).integers(0, 256, (1, 64, 64, 3)).astype("uint8")
    turned = np.rot90(noise, axes=(1, 2))
    np.testing.assert_allclose(extract_texture(noise), extract_texture(turned), atol=0.02)
