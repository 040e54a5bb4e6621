"""Changes the code on purpose, one place at a time, and reports which changes the tests miss.

    python benchmarks/mutants.py [--json] [--only data/] [--processes 2]

Each mutant is applied to a copy of the repository and judged by the tests named beside it; it is
killed where one of them fails. The copies start from a process that has TensorFlow loaded already.
"""

import argparse
import contextlib
import multiprocessing.pool
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from table import show

ROOT = Path(__file__).resolve().parents[1]
COPIED = ("mmfusion", "tests", "setup.cfg", "conftest.py", "README.md")
QUIET = ["-x", "-q", "--no-header", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:nbmake"]
WANTED = 0.95


class Mutant(NamedTuple):
    """A file below `mmfusion/`, what stands in it, what stands there instead, and the tests."""

    file: str
    before: str
    after: str
    tests: str


MUTANTS = [
    # === data ===
    Mutant("data/align.py", "mean(axis=1) >= 0.5", "mean(axis=1) >= 0.25", "data/test_align.py"),
    Mutant(
        "data/align.py", "(word.start_s + word.end_s) / 2", "word.start_s", "data/test_align.py"
    ),
    Mutant("data/align.py", "mask &= within", "mask |= within", "data/test_align.py"),
    Mutant("data/align.py", "times_s <= media.video.end_s", "times_s > 0", "data/test_align.py"),
    Mutant("data/align.py", "< length_s", "<= length_s + 1", "data/test_align.py"),
    Mutant("data/split.py", "-counts[order]", "counts[order]", "data/test_split.py"),
    Mutant("data/split.py", "barred = ~empty", "barred = empty", "data/test_split.py"),
    Mutant("data/split.py", "part is not test", "part is test", "data/test_split.py"),
    Mutant("data/groups.py", "(last[groups[at]], at)", "at", "data/test_groups.py"),
    Mutant("data/groups.py", "tf.range(tf.size(sizes))", "0 * sizes", "data/test_groups.py"),
    Mutant("data/join.py", "place.get(each, -1)", "place.get(each, 0)", "data/test_join.py"),
    Mutant("data/read_arrays.py", 'values, values != ""', "values, values == values", ""),
    Mutant("data/read_arrays.py", "np.isfinite(values)", "np.isnan(values)", ""),
    Mutant("data/arrays.py", "np.lexsort((places, first", "np.lexsort((-places, first", ""),
    Mutant("data/presence_weights.py", "* patterns[pattern[name]]", "* 1", ""),
    Mutant("data/augment.py", "draw >= rate", "draw < rate", "data/test_augment.py"),
    Mutant("data/augment.py", "mask = share >= 0.5", "mask = share >= 0.0", "data/test_augment.py"),
    Mutant("data/augment.py", "(ids != PADDING)", "(ids == PADDING)", "data/test_augment.py"),
    Mutant(
        "data/augment_arrays.py",
        "rate = rate / 3 if",
        "rate = rate if",
        "data/test_augment_arrays.py",
    ),
    Mutant(
        "data/augment_arrays.py",
        "x.shape[2] ** 0.5 * std",
        "std",
        "data/test_augment_arrays.py",
    ),
    Mutant("data/array_preprocessor.py", "-FARTHEST, FARTHEST", "-99, 99", ""),
    Mutant(
        "data/array_batches.py", "if settings:\n        examples", "if 0:\n        examples", ""
    ),
    Mutant("data/vocabulary.py", "(-counts[word], word)", "(counts[word], word)", ""),
    Mutant("data/pipeline.py", "target >= 0)", "target >= -1)", "data/test_pipeline.py"),
    Mutant("data/pipeline.py", 'weights.get(row["id"], 0)', "1.0", "data/test_pipeline.py"),
    Mutant("data/mix.py", "x[mask] | ((share > 0) & other[mask])", "x[mask]", "data/test_mix.py"),
    Mutant("data/mix.py", "y = tf.one_hot(y, classes)\n        labels", "labels", ""),
    # === training ===
    Mutant("training/backup.py", 'found["finished"] else', "False else", "training/test_backup.py"),
    Mutant("training/best_model.py", "self.wait >= self.patience", "False", ""),
    Mutant("training/nan_guard.py", "self.model.set_weights(self._good)", "pass", ""),
    Mutant("training/nan_guard.py", "self._good = weights", "pass", ""),
    Mutant("training/schedules.py", "rising = round(warmup * steps)", "rising = 0", ""),
    Mutant("training/schedules.py", "rate * factor**drop", "rate * factor", ""),
    Mutant("training/snapshots.py", "weight / len(paths)", "weight", "training/test_snapshots.py"),
    Mutant("training/plateau.py", 'self.wait = state["best"], state["wait"]', "_ = 0, 0", ""),
    Mutant("training/optimizers.py", '"bias", "beta", "gamma"', '"nothing"', ""),
    # === evaluation ===
    Mutant(
        "evaluation/threshold.py", "- 1e-9) - 1]", "- 1e-9) - 2]", "evaluation/test_threshold.py"
    ),
    Mutant("evaluation/threshold.py", "np.asarray(scores) >= at", "np.asarray(scores) > at", ""),
    Mutant(
        "evaluation/calibration.py", "np.ceil(confidence * bins)", "np.floor(confidence * bins)", ""
    ),
    Mutant("evaluation/calibration.py", 'row["n"] * abs', "abs", "evaluation/test_calibration.py"),
    Mutant("evaluation/calibration.py", "(log_t / WIDTH) ** 2 / 2", "0", ""),
    Mutant("evaluation/bootstrap.py", "[:, membership])", "[:, membership] ** 0)", ""),
    Mutant("evaluation/bootstrap.py", "if count < 2:", "if count < 0:", ""),
    Mutant("evaluation/paired.py", "1 / len(values) + 1 / (folds - 1)", "1 / len(values)", ""),
    Mutant("evaluation/paired.py", "abs(t), len(gains) - 1", "abs(t), len(gains)", ""),
    Mutant("evaluation/scores.py", "- negatives / 2", "", "evaluation/test_scores.py"),
    Mutant("evaluation/masking.py", "in (None, *kept)", "in kept", "evaluation/test_masking.py"),
    Mutant("evaluation/opinion_pool.py", "np.square(weights).sum() / 2", "0", ""),
    Mutant("evaluation/shortcut_check.py", '{"blanked": blank}', '{"blanked": dict}', ""),
    Mutant(
        "evaluation/shortcut_check.py",
        "valid > 0, labels",
        "valid * 0, labels",
        "",
    ),
    # === fusion and the layers below it ===
    Mutant(
        "fusion/gated.py", "gates, ops.shape(vectors)) * vectors", "gates, ops.shape(vectors))", ""
    ),
    Mutant("fusion/low_rank.py", "1 + factors", "factors", "fusion/test_low_rank.py"),
    Mutant("fusion/modality_attention.py", ", present)  # (B, M)", ", present | True)", ""),
    Mutant("fusion/temporal.py", "keep(features[name], masks[name])", "features[name]", ""),
    Mutant(
        "ops/masks.py",
        "def masked_mean(",
        "def masked_mean(x, mask):\n    return x.mean(1)\n\n\ndef _(",
        "",
    ),
    Mutant("layers/sequence/group_context.py", "& present[None]", "", ""),
    Mutant("layers/sequence/global_context.py", "masked_mean(inputs, mask)", "inputs.sum(1)", ""),
    # === experiments ===
    Mutant("experiments/fit_model.py", "FEWEST_TO_JUDGE = 50", "FEWEST_TO_JUDGE = 5", ""),
    Mutant(
        "experiments/fit_model.py",
        "    if not resume:\n        _forget",
        "    if 0:\n        _forget",
        "",
    ),
    Mutant(
        "experiments/feed.py",
        '"weights": weights',
        '"weights": None',
        "experiments/test_fit_model.py",
    ),
    Mutant(
        "experiments/feed.py",
        '"training": how.augmentation',
        '"training": None',
        "experiments/test_fit_model.py",
    ),
    Mutant("experiments/clip_corpus.py", "if clip.id in held", "", ""),
    Mutant("experiments/clip_corpus.py", "if row.id in ids", "", ""),
    Mutant("experiments/array_corpus.py", "            train,\n", "            self.arrays,\n", ""),
    Mutant("experiments/splits.py", "SHARES = (8, 1, 1)", "SHARES = (6, 2, 2)", ""),
    Mutant(
        "experiments/splits.py", "< sum(VALIDATION_SHARES)", "< 0", "experiments/test_splits.py"
    ),
    Mutant("experiments/calibration.py", "if weights is not None:", "if False:", ""),
    Mutant("experiments/optimisation.py", "steps // how.grad", "steps // 1 or how.grad", ""),
    Mutant(
        "experiments/optimisation.py", '"mean_with_sample_weight" if padded', '"sum" if padded', ""
    ),
    Mutant("experiments/modality_weights.py", "fusion.logits.assign(logits)", "pass", ""),
    Mutant(
        "experiments/open_corpus.py",
        "key=lambda clip: (clip.group, float",
        "key=lambda clip: (0, float",
        "",
    ),
    Mutant("experiments/fit.py", "seed=seed)", "seed=how.seed)", ""),
]


def tests_of(mutant: Mutant) -> list[str]:
    """The tests that judge a mutant: those named, or the mirror of its file."""
    path = Path(mutant.file)
    own = mutant.tests or f"{path.parent}/test_{path.name}"
    return [f"tests/{each}" for each in own.split()]


def judge(mutant: Mutant | None, tests: list[str]) -> bool:
    """Whether the tests fail on a copy with a mutant in it, in a process of its own."""
    context = multiprocessing.get_context("fork")
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copyfile
            copy(ROOT / name, tree / name)
        if mutant is not None:
            path = tree / "mmfusion" / mutant.file
            path.write_text(path.read_text().replace(mutant.before, mutant.after))
        child = context.Process(target=_run, args=(tree, tests))
        child.start()
        child.join()
        return child.exitcode != 0


def _run(tree: Path, tests: list[str]) -> None:
    import pytest

    os.chdir(tree)
    sys.path.insert(0, str(tree))
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        code = pytest.main([*QUIET, "-o", "addopts=--import-mode=importlib", *tests])
    os._exit(code)


def _judge(mutant: Mutant) -> dict:
    killed = judge(mutant, tests_of(mutant))
    print("killed  " if killed else "SURVIVED", mutant.file, mutant.before, file=sys.stderr)
    return {"file": mutant.file, "mutant": f"{mutant.before} -> {mutant.after}", "killed": killed}


def main() -> None:
    """Prints a row for each mutant that survived, and the share that was killed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--only", default="", help="mutants of files that begin so")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    chosen = [mutant for mutant in MUTANTS if mutant.file.startswith(asked.only)]
    for mutant in chosen:
        count = (ROOT / "mmfusion" / mutant.file).read_text().count(mutant.before)
        if count != 1:
            sys.exit(f"{mutant.file}: expected {mutant.before!r} once. Received: {count} times")
    import sklearn.ensemble  # noqa: F401  loaded once, for all children
    import tensorflow  # noqa: F401

    every = sorted({test for mutant in chosen for test in tests_of(mutant)})
    if judge(None, every):
        sys.exit("The tests fail without any mutant")
    with multiprocessing.pool.ThreadPool(asked.processes) as pool:
        rows = pool.map(_judge, chosen, chunksize=1)
    killed = sum(row["killed"] for row in rows) / len(rows)
    survivors = [row for row in rows if not row["killed"]]
    show(
        {"rows": rows, "mutants": len(rows), "survived": len(survivors), "killed": killed},
        as_json=asked.json,
    )
    sys.exit(killed < WANTED)


if __name__ == "__main__":
    main()
