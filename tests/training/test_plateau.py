import pytest

from mmfusion.training.plateau import Plateau


def rates(model, losses, plateau, name="val_loss"):
    plateau.set_model(model)
    plateau.on_train_begin()
    for epoch, loss in enumerate(losses):
        plateau.on_epoch_end(epoch, {name: loss})
        yield float(model.optimizer.learning_rate)


@pytest.mark.parametrize("name", ["val_loss", "loss"])
@pytest.mark.parametrize(
    ("losses", "expected"),
    [
        ([1.0], [0.8]),
        ([1.0, 0.5, 0.2], [0.8, 0.8, 0.8]),
        ([1.0, 1.0, 1.0, 0.5, 0.6, 0.7], [0.8, 0.8, 0.4, 0.4, 0.4, 0.2]),
    ],
)
def test_the_rate_falls_where_the_loss_does_not(make, losses, expected, name):
    found = list(rates(make(learning_rate=0.8), losses, Plateau(patience=2), name))
    assert found == pytest.approx(expected)


def test_state_goes_round(make):
    first = Plateau(patience=5)
    list(rates(make(), [1.0, 2.0, 3.0], first))
    second = Plateau(patience=5)
    second.set_state(first.state())
    assert second.state() == first.state() == {"best": 1.0, "wait": 2, "cooldown": 0}
