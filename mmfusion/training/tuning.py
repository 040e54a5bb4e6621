"""A search over settings that outlives its process: trials in children, every step in a journal."""

import contextlib
import logging
import math
import multiprocessing.connection
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras_tuner

from mmfusion.files import read_json, write_json
from mmfusion.training.trial_process import finished_score, start_trial

LOGGER = logging.getLogger(__name__)
OBJECTIVE = keras_tuner.Objective("score", "min")
SEARCHES = ("bayes", "grid", "hyperband", "random")


def oracle(
    search: str, space: keras_tuner.HyperParameters, *, trials: int, epochs: int, seed: int = 0
) -> keras_tuner.Oracle:
    """What proposes the next trial.

    Args:
        search: str. `"grid"`, `"random"`, `"bayes"` or `"hyperband"`.
        space: keras_tuner.HyperParameters.
        trials: int. At most so many; `hyperband` has a number of its own and may stop before.
        epochs: int. Of the longest trial of `hyperband`.
        seed: int.

    Returns:
        keras_tuner.Oracle.

    Raises:
        ValueError: if the search is unknown or `trials` is below 1.
    """
    if search not in SEARCHES:
        raise ValueError(f"`search` must be one of {SEARCHES}. Received: {search!r}")
    if trials < 1:
        raise ValueError(f"`trials` must be at least 1. Received: trials={trials}")
    kwargs = {"objective": OBJECTIVE, "hyperparameters": space, "seed": seed + 1}  # 0 is no seed
    if search == "hyperband":
        chosen = keras_tuner.oracles.HyperbandOracle(max_epochs=epochs, **kwargs)
        chosen.max_trials = trials
    elif search == "bayes":
        chosen = keras_tuner.oracles.BayesianOptimizationOracle(max_trials=trials, **kwargs)
    elif search == "grid":
        chosen = keras_tuner.oracles.GridSearchOracle(max_trials=trials, **kwargs)
    else:
        chosen = keras_tuner.oracles.RandomSearchOracle(max_trials=trials, **kwargs)
    chosen.verbose = 0
    return chosen


def tune(
    chosen: keras_tuner.Oracle,
    folder: str | Path,
    train: Callable[[dict[str, Any], str], float],
    *,
    parallel: int = 1,
) -> list[dict[str, Any]]:
    """Runs trials in child processes until the oracle has no more.

    A search that was killed goes on: what was finished is reported to the oracle again from
    `journal.json`, what was running is trained again by the same arguments.

    Args:
        chosen: keras_tuner.Oracle, fresh.
        folder: Path of the folder of the search, made if need be.
        train: Function that a child can import, of a dict of values and the path of the trial's
            folder, to its score; the lower the better.
        parallel: int. Trials at a time.

    Returns:
        List of dict of `trial`, `score` (None for a trial that failed) and `values`, in order.

    Raises:
        ValueError: if `parallel` is below 1, or the journal is of another search.
        RuntimeError: if three trials in a row fail.
    """
    if parallel < 1:
        raise ValueError(f"`parallel` must be at least 1. Received: parallel={parallel}")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, _quiet():
        chosen._set_project_dir(scratch, "oracle")  # its own files may be torn: ours is not
        events = _replayed(chosen, folder / "journal.json")
        waiting = [trial for trial in chosen.trials.values() if trial.status == "RUNNING"]
        running: dict[str, Any] = {}
        stopped = False
        while running or waiting or not stopped:
            while len(running) < parallel and (waiting or not stopped):
                trial = waiting.pop(0) if waiting else _next(chosen, events, folder)
                if trial is None:
                    stopped = (chosen.trials and not running) or _is_full(chosen)
                    break
                values = dict(trial.hyperparameters.values)
                LOGGER.info("trial %s: %s", trial.trial_id, values)
                place = folder / "trials" / trial.trial_id
                running[trial.trial_id] = start_trial(train, values, place)
            if running:
                _end_first(chosen, running, events, folder)
        return _rows(chosen)


def _is_full(chosen):
    return bool(chosen.max_trials) and len(chosen.trials) >= chosen.max_trials


def _next(chosen, events, folder):
    """The next trial, noted in the journal, or None where there is none for now."""
    trial = chosen.create_trial(f"trial-{len(chosen.trials)}")
    if trial.status != "RUNNING":
        return None
    events.append({"trial": trial.trial_id, "values": trial.hyperparameters.values})
    write_json(folder / "journal.json", events)
    return trial


def _end_first(chosen, running, events, folder):
    """Waits for the first child that ends and reports to the oracle."""
    by_sentinel = {child.sentinel: number for number, (child, _) in running.items()}
    for sentinel in multiprocessing.connection.wait(by_sentinel):
        number = by_sentinel[sentinel]
        score = finished_score(*running.pop(number))
        score = score if score is not None and math.isfinite(score) else None
        LOGGER.info("trial %s: %s", number, "failed" if score is None else f"{score:.4g}")
        events.append({"trial": number, "score": score})
        write_json(folder / "journal.json", events)
        _tell(chosen, number, score)


def _tell(chosen, number, score):
    trial = chosen.trials[number]
    trial.status = "FAILED" if score is None else "COMPLETED"
    if score is not None:
        chosen.update_trial(number, {"score": score})
    chosen.end_trial(trial)


def _replayed(chosen, path):
    """Reports to a fresh oracle what the journal holds; returns its events."""
    events = read_json(path) if path.is_file() else []
    for event in events:
        if "values" not in event:
            _tell(chosen, event["trial"], event["score"])
            continue
        trial = chosen.create_trial(f"trial-{len(chosen.trials)}")
        known = set(trial.hyperparameters.values)
        if trial.trial_id != event["trial"] or known != set(event["values"]):
            raise ValueError(f"{path}: of another search. Start this one in another folder")
        trial.hyperparameters.values = dict(event["values"])
    return events


def _rows(chosen):
    return [
        {
            "trial": trial.trial_id,
            "score": trial.score,
            "values": {
                name: value
                for name, value in trial.hyperparameters.values.items()
                if not name.startswith("tuner/")
            },
        }
        for trial in chosen.trials.values()
    ]


@contextlib.contextmanager
def _quiet():
    """keras-tuner asks threads for their names in a way that Python is about to drop."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield
