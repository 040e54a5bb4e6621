import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data.noise import add_noise

MASK = np.array([True, False, True, True])


def clip(level=0.1):
    rng = np.random.default_rng(0)
    sound = level * rng.standard_normal((4, 5000)) * MASK[:, None]
    return {"audio": tf.constant(sound, tf.float32), "audio_mask": tf.constant(MASK)}


@pytest.mark.parametrize("snr_db", [20.0, 0.0, -10.0])
def test_the_ratio_is_kept_where_there_is_sound(snr_db):
    before = clip()
    noise = (add_noise(before, snr_db, [1, 2])["audio"] - before["audio"]).numpy()
    ratio = np.square(before["audio"].numpy()[MASK]).mean() / np.square(noise[MASK]).mean()
    assert 10 * np.log10(ratio) == pytest.approx(snr_db, abs=0.2)
    assert not noise[~MASK].any()


def test_same_seed_same_noise_and_another_seed_another():
    first, again, other = (add_noise(clip(), 0.0, [0, s])["audio"].numpy() for s in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_silence_stays_silent_and_a_clip_without_sound_as_it_is():
    assert not add_noise(clip(level=0), -10.0, [0, 0])["audio"].numpy().any()
    words = {"text": tf.constant(["a"]), "text_mask": tf.constant([True])}
    assert add_noise(words, -10.0, [0, 0]) is words


def test_each_clip_of_a_batch_has_its_own_level():
    loud, quiet = clip(level=0.3), clip(level=0.01)
    batch = {name: tf.stack([loud[name], quiet[name]]) for name in loud}
    noise = (add_noise(batch, 0.0, [0, 0])["audio"] - batch["audio"]).numpy()
    powers = np.square(noise[:, MASK]).mean(axis=(1, 2))
    assert powers[0] / powers[1] == pytest.approx(900, rel=0.1)
