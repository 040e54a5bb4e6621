"""Memory of a search after 10 and after 100 trials, beside keras-tuner's own loop in one process.

Both ask the same oracle and train the same small models. Memory is that of everything that is held
once a trial has ended: the search, and the child that trained it as it was at its largest.

    nice python benchmarks/tuning.py --json
"""

import argparse
import multiprocessing
import resource
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import psutil
from table import show

from mmfusion.files import read_json, write_json
from mmfusion.training.search_space import search_space
from mmfusion.training.tuning import oracle, tune

SPACE = {"units": {"low": 8, "high": 64}, "rate": {"low": 1e-4, "high": 1e-2, "log": True}}
CLIPS, STEPS, WIDTH, EPOCHS = 256, 16, 32, 2


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--counts", type=int, nargs=2, default=(10, 100), metavar="N")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    rows = [alone(search, options.counts) for search in (children, one_process)]
    ratio = rows[0]["ratio"] / rows[1]["ratio"]
    result = {"counts": options.counts, "rows": rows, "ratio_to_best_peer": ratio}
    show(result, as_json=options.json)


def alone(search, counts):
    """The row of a search, measured in a fresh process that may have children."""
    context = multiprocessing.get_context("spawn")
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(1, mp_context=context) as pool,
    ):
        start_s = time.perf_counter()
        held_mb = pool.submit(search, counts[1], folder).result()
        trial_s = (time.perf_counter() - start_s) / counts[1]
    early_mb, late_mb = (held_mb[count - 1] for count in counts)
    figures = {"early_mb": early_mb, "late_mb": late_mb, "ratio": late_mb / early_mb}
    return {"name": search.__name__, **figures, "trial_s": trial_s}


def chosen(count):
    return oracle("random", search_space(SPACE), trials=count, epochs=EPOCHS)


def children(count, folder):
    """Ours: each trial in a process of its own."""
    asked = chosen(count)
    held_mb, end_trial = [], asked.end_trial

    def ended(trial):
        end_trial(trial)
        child_mb = read_json(Path(folder, "trials", trial.trial_id, "peak.json"))
        held_mb.append(_resident_mb() + child_mb)

    asked.end_trial = ended
    tune(asked, folder, trial_in_child)
    return held_mb


def trial_in_child(values, place):
    score = trained(**values)
    peak_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    write_json(Path(place, "peak.json"), peak_kb / 2**10)
    return score


def one_process(count, folder):
    """keras-tuner's own loop."""
    import keras_tuner

    class Search(keras_tuner.Tuner):
        def run_trial(self, trial, *args, **kwargs):
            return {"score": trained(**trial.hyperparameters.values)}

        def on_trial_end(self, trial):
            super().on_trial_end(trial)
            held_mb.append(_resident_mb())

    held_mb = []
    Search(chosen(count), directory=folder, project_name="peer").search(verbose=0)
    return held_mb


def trained(units, rate):
    """Validation loss of a small model after some epochs."""
    import keras
    import numpy as np

    import mmfusion as mm

    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    x = {
        "sensor": rng.normal(size=(CLIPS, STEPS, WIDTH)).astype("float32"),
        "sensor_mask": np.ones((CLIPS, STEPS), bool),
    }
    model = mm.models.classifier({"sensor": (STEPS, WIDTH)}, classes=2, units=units)
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy")
    y = (x["sensor"].mean(axis=(1, 2)) > 0).astype("int32")
    kept = model.fit(x, y, epochs=EPOCHS, validation_split=0.25, verbose=0)
    return min(kept.history["val_loss"])


def _resident_mb():
    return psutil.Process().memory_info().rss / 2**20


if __name__ == "__main__":
    main()
