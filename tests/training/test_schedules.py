import math

import pytest

from mmfusion.training import schedules


@pytest.mark.parametrize(
    ("schedule", "by_step"),
    [
        (schedules.step(0.8, 12, factor=0.5), {0: 0.8, 3: 0.8, 4: 0.4, 7: 0.2, 10: 0.1, 99: 0.1}),
        (schedules.exponential(1.0, 2, last=0.01), {0: 1.0, 1: 0.1, 2: 0.01}),
        (
            schedules.cosine(0.1, 100, warmup=0.1),
            {0: 0.0, 5: 0.05, 10: 0.1, 55: 0.05 * (1 + math.cos(math.pi / 2)), 100: 0.0, 500: 0.0},
        ),
        (schedules.cosine(0.1, 10, warmup=0.0), {0: 0.1, 5: 0.05, 10: 0.0}),
        (schedules.cycles(0.4, 8, count=2), {0: 0.4, 2: 0.2, 4: 0.4, 6: 0.2}),
    ],
)
def test_by_hand(schedule, by_step):
    for at, rate in by_step.items():
        assert float(schedule(at)) == pytest.approx(rate, abs=1e-7), at


def test_fixed_is_a_number():
    assert schedules.fixed(0.3, 0) == 0.3


@pytest.mark.parametrize("make", [schedules.step, schedules.exponential, schedules.cosine])
@pytest.mark.parametrize("steps", [1, 2, 3])
def test_few_steps_have_a_finite_rate(make, steps):
    assert all(math.isfinite(float(make(0.1, steps)(at))) for at in range(steps + 2))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: schedules.step(0.1, 0),
        lambda: schedules.exponential(0.1, 0),
        lambda: schedules.cosine(0.1, 0),
        lambda: schedules.cosine(0.1, 5, warmup=1.0),
        lambda: schedules.cycles(0.1, 5, count=0),
        lambda: schedules.cycles(0.1, 5, count=6),
    ],
)
def test_out_of_range(wrong):
    with pytest.raises(ValueError, match="Received"):
        wrong()
