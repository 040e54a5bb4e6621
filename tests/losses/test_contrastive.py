import keras
import numpy as np
import pytest

from mmfusion.losses.contrastive import Contrastive, InfoNCE


@pytest.mark.parametrize(
    ("together", "distance", "expected"),
    [(1, 0.0, 0.0), (1, 3.0, 9.0), (0, 0.0, 4.0), (0, 1.5, 0.25), (0, 2.0, 0.0), (0, 9.0, 0.0)],
)
def test_contrastive_by_hand(together, distance, expected):
    found = Contrastive(margin=2.0)(np.array([together]), np.array([distance], "float32"))
    assert float(found) == pytest.approx(expected)


def test_info_nce_against_a_loop():
    rng = np.random.default_rng(0)
    one, other = rng.normal(size=(2, 5, 3))
    unit = [each / np.linalg.norm(each, axis=1, keepdims=True) for each in (one, other)]
    similar = unit[0] @ unit[1].T / 0.5
    terms = []
    for at in range(5):
        for row in (similar[at], similar[:, at]):
            terms.append(np.log(np.exp(row).sum()) - similar[at, at])
    assert float(InfoNCE(0.5)(one, other)) == pytest.approx(np.mean(terms), rel=1e-5)


def test_one_pair_has_nothing_to_tell_apart():
    assert float(InfoNCE()(np.ones((1, 4)), np.ones((1, 4)))) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("loss", [Contrastive(3.0), InfoNCE(0.2)])
def test_config_goes_round(loss):
    again = keras.losses.deserialize(keras.losses.serialize(loss))
    assert again.get_config() == loss.get_config()


@pytest.mark.parametrize("wrong", [lambda: Contrastive(0.0), lambda: InfoNCE(-1.0)])
def test_out_of_range(wrong):
    with pytest.raises(ValueError, match="must be positive"):
        wrong()
