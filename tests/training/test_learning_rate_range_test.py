import keras
import numpy as np
import pytest
from matplotlib.figure import Figure

from mmfusion.training.learning_rate_range_test import learning_rate_range_test, range_test_plot
from mmfusion.training.schedules import cosine


def test_the_model_is_as_it_was_and_a_fair_rate_is_found(make, batches):
    model = make(learning_rate=0.123)
    before = model.get_weights()
    found = learning_rate_range_test(model, batches, lowest=1e-4, highest=100.0, steps=60)
    for now, then in zip(model.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)
    assert float(model.optimizer.learning_rate) == pytest.approx(0.123)
    assert int(model.optimizer.iterations) == 0
    assert len(found["learning_rates"]) == len(found["losses"]) <= 60
    assert 1e-3 < found["suggested"] < 3
    model.optimizer.learning_rate = found["suggested"]
    losses = model.fit(batches, epochs=15, verbose=0, shuffle=False).history["loss"]
    assert losses[-1] < 0.5 * losses[0]


def test_stops_where_the_loss_breaks_away(batches):
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1)])
    model.compile(optimizer="sgd", loss="mse", run_eagerly=True)
    found = learning_rate_range_test(model, batches, lowest=1e-3, highest=1e6, steps=50)
    assert len(found["learning_rates"]) < 40
    assert max(found["losses"]) <= 4 * min(found["losses"])
    (ax,) = range_test_plot(found).axes
    assert ax.get_xscale() == "log"
    np.testing.assert_array_equal(ax.lines[0].get_ydata(), found["losses"])


def test_draws_into_given_axes_even_nothing():
    ax = Figure().subplots()
    assert (
        range_test_plot({"learning_rates": [], "losses": [], "suggested": 0.1}, ax=ax) is ax.figure
    )


@pytest.mark.parametrize(
    "wrong", [{"lowest": 0.0}, {"lowest": 2.0}, {"highest": 1e-9}, {"steps": 1}]
)
def test_out_of_range(make, batches, wrong):
    with pytest.raises(ValueError, match="Received"):
        learning_rate_range_test(make(), batches, **wrong)


def test_a_schedule_cannot_be_tested(make, batches):
    with pytest.raises(ValueError, match="a schedule"):
        learning_rate_range_test(make(learning_rate=cosine(0.1, 10)), batches)
