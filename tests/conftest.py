"""The command in this process, and one small run that all tests of it share."""

import contextlib
import gc
import io
import json
import signal
import sys
from typing import NamedTuple

import keras
import numpy as np
import pytest

from mmfusion.cli import main
from mmfusion.data.synthetic import CorpusSize, make_corpus

PIECES = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "fire", "alarm", "no", "##s"]


class Done(NamedTuple):
    """What a command left: its exit code, its data, and what it told a person."""

    code: int
    out: str
    err: str


def pytest_collection_finish():
    """Leaves to the collector what tests make: walking TensorFlow's own objects takes a tenth."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(scope="session")
def command(tmp_path_factory):
    """Runs `mmfusion ...` and returns what it left; prepared clips are cached for the session."""

    def run(*arguments):
        out, err = io.StringIO(), io.StringIO()
        patch.setattr(sys, "argv", ["mmfusion", *map(str, arguments)])
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = main()
            except SystemExit as end:
                code = end.code
        return Done(code or 0, out.getvalue(), err.getvalue())

    before = {each: signal.getsignal(each) for each in (signal.SIGTERM, signal.SIGHUP)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield run
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.fixture(scope="session")
def tiny_bert(tmp_path_factory):
    """Folder of a checkpoint of keras-hub with random weights."""
    keras_hub = pytest.importorskip("keras_hub", reason="the extra `bert` is not installed")
    folder = tmp_path_factory.mktemp("tiny_bert")
    tokeniser = keras_hub.tokenizers.BertTokenizer(vocabulary=PIECES, lowercase=True)
    backbone = keras_hub.models.BertBackbone(
        vocabulary_size=len(PIECES),
        num_layers=1,
        num_heads=2,
        hidden_dim=8,
        intermediate_dim=16,
        max_sequence_length=16,
    )
    backbone.save_to_preset(str(folder))
    tokeniser.save_to_preset(str(folder))
    return folder


@pytest.fixture(scope="session")
def small_corpus(tmp_path_factory):
    """Manifest of 24 clips to train on, 8 to validate, 16 to test, and two broken ones."""
    size = CorpusSize(train=3, val=1, test=2, broken=2)
    return make_corpus(tmp_path_factory.mktemp("small_corpus"), size)


@pytest.fixture(scope="session")
def trained(command, small_corpus, tmp_path_factory):
    """What `mmfusion train` left, and the run folder."""
    folder = tmp_path_factory.mktemp("small_run")
    further = {"sample_rate_hz": 8000, "units": 8, "batch_size": 8}
    (folder / "options.json").write_text(json.dumps(further))
    flags = {"steps": 4, "size-px": 24, "epochs": 2, "seed": 3, "options": folder / "options.json"}
    done = command(
        *("train", small_corpus, "--out", folder / "run"),
        *(part for name, value in flags.items() for part in (f"--{name}", value)),
    )
    return done, folder / "run"


@pytest.fixture(scope="session")
def small_run(trained):
    """A run folder."""
    return trained[1]


@pytest.fixture(scope="session")
def small_export(command, small_run):
    """A folder of versions that holds one."""
    folder = small_run.parent / "saved_models" / "small"
    assert command("export", small_run, "--out", folder).code == 0
    return folder


@pytest.fixture(scope="session")
def reachable_weights():
    """Finds all variables that a layer holds, whether or not Keras has noticed them."""

    def find(thing, seen):
        if isinstance(thing, keras.Variable):
            yield thing
        if id(thing) in seen:
            return
        seen[id(thing)] = thing
        if isinstance(thing, keras.layers.Layer | keras.random.SeedGenerator):
            thing = vars(thing)
        if isinstance(thing, dict):
            thing = [*thing.values()]
        if isinstance(thing, list | tuple | set):
            for part in [*thing]:
                yield from find(part, seen)

    return lambda layer: {id(weight): weight for weight in find(layer, {})}.values()


@pytest.fixture(scope="session")
def unchanged_by_fit():
    """Trains a model one step towards noise; returns the paths of the weights that stay."""

    def fit(model, values):
        rng = np.random.default_rng(0)
        targets = keras.tree.map_structure(
            lambda output: rng.normal(size=output.shape), model(values)
        )
        before = [keras.ops.convert_to_numpy(weight) for weight in model.trainable_weights]
        model.compile(optimizer=keras.optimizers.SGD(0.1), loss="mse", run_eagerly=True)
        model.fit(values, targets, batch_size=len(keras.tree.flatten(values)[0]), verbose=0)
        return [
            weight.path
            for weight, old in zip(model.trainable_weights, before, strict=True)
            if np.array_equal(keras.ops.convert_to_numpy(weight), old)
        ]

    return fit
