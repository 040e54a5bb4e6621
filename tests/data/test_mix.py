import numpy as np
import pytest
import tensorflow as tf

from mmfusion.data.mix import cutmix, mixed, mixup, one_hot

STEPS = 4


def batch(value, here=True):
    """Two clips whose every number is `value`."""
    x = {
        "audio": np.full((2, STEPS, 3), value, "float32"),
        "text": np.full((2, STEPS, 2), int(value), "int32"),
        "video": np.full((2, STEPS, 8, 8, 4), value, "float32"),
    }
    x |= {f"{name}_mask": np.full((2, STEPS), here) for name in x}
    return {name: tf.constant(each) for name, each in x.items()}


def test_mixup_by_hand():
    x, share = mixup(batch(1.0), batch(3.0), tf.constant(0.25), None)
    assert float(share) == 0.25
    assert np.unique(x["audio"]).tolist() == [1.5]
    assert np.unique(x["video"]).tolist() == [1.5]
    assert np.unique(x["text"]).tolist() == [1]


@pytest.mark.parametrize(("share", "there"), [(0.0, False), (0.25, True)])
def test_mixup_with_a_clip_that_lacks_everything(share, there):
    x, _ = mixup(batch(0.0, here=False), batch(4.0), tf.constant(share), None)
    assert np.unique(x["audio_mask"]).tolist() == [there]
    assert np.unique(x["audio"]).tolist() == [4 * share]
    assert not x["text_mask"].numpy().any()


@pytest.mark.parametrize(("wanted", "steps"), [(0.0, 0), (0.1, 0), (0.25, 1), (0.45, 2), (0.5, 2)])
@pytest.mark.parametrize("seed", [0, 1])
def test_cutmix_takes_one_share_everywhere(wanted, steps, seed):
    x, share = cutmix(batch(1.0), batch(2.0), tf.constant(wanted), (seed, 0))
    assert float(share) == steps / STEPS
    taken = (x["audio"].numpy()[0, :, 0] == 2).astype(int)
    assert taken.sum() == steps
    assert np.abs(np.diff(np.pad(taken, 1))).sum() == 2 * (steps > 0)  # one stretch
    np.testing.assert_array_equal(x["text"].numpy()[0, :, 0] == 2, taken)
    frame = x["video"].numpy()[0, 0, :, :, 0] == 2
    assert frame.sum() == round(8 * (steps / STEPS) ** 0.5) ** 2
    box = np.outer(frame.any(axis=1), frame.any(axis=0))
    np.testing.assert_array_equal(frame, box)


def test_cutmix_never_shows_what_is_absent():
    x, _ = cutmix(batch(1.0), batch(0.0, here=False), tf.constant(0.5), (3, 0))
    assert np.unique(x["video"]).tolist() == [1.0]
    np.testing.assert_array_equal(x["audio_mask"], x["audio"].numpy()[..., 0] == 1)


def batches():
    x = {"audio": np.arange(6, dtype="float32").reshape(6, 1, 1)}
    x["audio_mask"] = np.ones((6, 1), bool)
    y, weight = np.array([0, 1, 2, 0, 1, 2]), np.arange(6, dtype="float32")
    return tf.data.Dataset.from_tensor_slices((x, y, weight)).batch(3)


def test_labels_and_weights_are_mixed_like_the_clips():
    for at, (x, y, weight) in enumerate(mixed(batches(), 3, mixup, alpha=1.0, seed=4)):
        own = 3.0 * at + np.arange(3)
        other = np.roll(own, 1)
        share = (x["audio"].numpy().ravel() - own) / (other - own)
        assert np.ptp(share) < 1e-5
        assert 0 < share[0] <= 0.5
        expected = np.eye(3) * (1 - share[0]) + np.roll(np.eye(3), 1, axis=0) * share[0]
        np.testing.assert_allclose(y, expected, atol=1e-6)
        np.testing.assert_allclose(weight, x["audio"].numpy().ravel(), rtol=1e-6)


def test_each_epoch_mixes_anew_and_the_same_seed_the_same():
    first = mixed(batches(), 3, mixup, alpha=1.0, seed=4)
    epochs = [[y.numpy().tolist() for _, y, _ in first] for _ in range(2)]
    assert epochs[0] != epochs[1]
    again = mixed(batches(), 3, mixup, alpha=1.0, seed=4)
    assert [y.numpy().tolist() for _, y, _ in again] == epochs[0]


def test_one_hot():
    (_, y, weight), *_ = one_hot(batches(), 4)
    np.testing.assert_array_equal(y, np.eye(4)[[0, 1, 2]])
    np.testing.assert_array_equal(weight, [0, 1, 2])


def test_alpha_out_of_range():
    with pytest.raises(ValueError, match="`alpha` must be positive"):
        mixed(batches(), 3, mixup, alpha=0.0)
