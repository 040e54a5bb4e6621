from mmfusion.training.trial_process import finished_score, start_trial
from tests.training import trials


def test_a_score_comes_back(tmp_path):
    assert finished_score(*start_trial(trials.score, {"x": 1.5}, tmp_path / "a")) == 1.0


def test_a_child_that_dies_has_none_and_says_why(tmp_path):
    assert finished_score(*start_trial(trials.score, {}, tmp_path)) is None
    assert "KeyError: 'x'" in (tmp_path / "log.txt").read_text()
