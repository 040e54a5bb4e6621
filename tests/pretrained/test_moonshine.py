import sys
from types import SimpleNamespace

import numpy as np
import pytest

from mmfusion.media.audio import read_audio
from mmfusion.pretrained.moonshine import END, FILES, RATE_HZ, Moonshine
from tests.transcription.fakes import FOLDER, RAVDESS, with_speech, with_weights

GO, DOGS, COUNT = 3, 4, 5


def folder(path):
    """A folder of empty networks and a tokenizer of five entries."""
    for name in FILES:
        (path / name).write_bytes(b"")
    (path / FILES[-1]).write_bytes(b"\x05<unk>\x03<s>\x04</s>\x05\xe2\x96\x81go\x05 dogs")
    return path


class Encoder:
    def __init__(self):
        self.inputs = []

    def run(self, names, inputs):
        self.inputs.append(inputs)
        return [np.full((1, 7, 288), 0.5, np.float32)]


class Decoder:
    """Predicts tokens in turn, and writes down what it is called with."""

    def __init__(self, tokens, surest=10.0):
        self.tokens, self.surest, self.inputs = list(tokens), surest, []

    def get_outputs(self):
        names = [
            f"present.{layer}.{part}.{kind}"
            for layer in range(6)
            for part in ("decoder", "encoder")
            for kind in ("key", "value")
        ]
        return [SimpleNamespace(name=name) for name in ("logits", *names)]

    def run(self, names, inputs):
        self.inputs.append(inputs)
        turn = len(self.inputs)
        logits = np.zeros((1, 1, COUNT), np.float32)
        logits[..., self.tokens[(turn - 1) % len(self.tokens)]] = self.surest
        keys = [np.full((1, 8, turn, 36), turn, np.float32)] * 24
        return [logits, *keys]


@pytest.fixture
def network(tmp_path, monkeypatch):
    def make(tokens, **settings):
        sessions = iter([Encoder(), Decoder(tokens, **settings)])
        options = SimpleNamespace(SessionOptions=SimpleNamespace, InferenceSession=None)
        options.InferenceSession = lambda path, options, providers: next(sessions)
        monkeypatch.setitem(sys.modules, "onnxruntime", options)
        return Moonshine(folder(tmp_path))

    return make


def test_greedy_until_the_end(network):
    decoded = network([GO, DOGS, END]).decode(np.zeros(RATE_HZ))
    assert (decoded.text, decoded.tokens, decoded.finished) == ("go dogs", (GO, DOGS), True)
    assert decoded.log_probability == pytest.approx(-np.log(1 + 4 * np.exp(-10)), abs=1e-6)


@pytest.mark.parametrize(("seconds", "most"), [(0, 2), (0.1, 2), (1, 6), (2, 13), (10, 65)])
def test_at_most_six_and_a_half_tokens_a_second(network, seconds, most):
    decoded = network([GO]).decode(np.zeros(int(seconds * RATE_HZ)))
    assert (len(decoded.tokens), decoded.finished) == (most, False)


def test_no_words(network):
    decoded = network([END]).decode(np.zeros(RATE_HZ))
    assert (decoded.text, decoded.tokens, decoded.finished) == ("", (), True)


def test_keys_of_the_encoder_are_kept_from_the_first_step(network):
    found = network([GO, DOGS, END])
    found.decode(np.zeros(RATE_HZ))
    first, second, third = found.decoder.inputs
    assert [each["use_cache_branch"].tolist() for each in (first, second, third)] == [
        [False],
        [True],
        [True],
    ]
    assert [each["input_ids"].tolist() for each in (first, second, third)] == [
        [[1]],
        [[GO]],
        [[DOGS]],
    ]
    shapes = {each.shape for name, each in first.items() if name.startswith("past")}
    assert shapes == {(1, 8, 0, 36)}
    for layer in range(6):
        assert third[f"past_key_values.{layer}.encoder.key"].shape == (1, 8, 1, 36)
        assert third[f"past_key_values.{layer}.decoder.value"].shape == (1, 8, 2, 36)


def test_the_mask_of_the_decoder_counts_samples(network):
    found = network([END])
    found.decode(np.zeros(RATE_HZ))
    assert found.decoder.inputs[0]["encoder_attention_mask"].shape == (1, 7 * 384)


def test_what_is_short_is_padded(network):
    found = network([END])
    assert found.features(np.ones(3)).shape == (7, 288)
    (inputs,) = found.encoder.inputs
    assert inputs["input_values"].shape == inputs["attention_mask"].shape == (1, 1600)
    assert inputs["input_values"].dtype == np.float32
    assert inputs["input_values"].sum() == 3


@pytest.mark.parametrize("samples", [np.zeros((2, 9)), np.zeros(9, int), np.full(9, np.nan)])
def test_what_is_not_mono_audio(network, samples):
    with pytest.raises(ValueError, match="`samples` must be"):
        network([END]).words(samples)


def test_a_file_is_missing(tmp_path):
    (folder(tmp_path) / FILES[1]).unlink()
    with pytest.raises(FileNotFoundError, match=f"Received: .* without {FILES[1]}"):
        Moonshine(tmp_path)


def test_a_missing_package_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    with pytest.raises(ImportError, match=r"pip install 'mmfusion\[onnx\]'"):
        Moonshine(folder(tmp_path))


@with_weights
def test_features_of_the_real_network():
    found = Moonshine(FOLDER).features(np.zeros(2 * RATE_HZ, np.float32))
    assert found.shape == (82, 288)
    assert np.isfinite(found).all()


@with_weights
@with_speech
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("03-01-01-01-01-01-01", "Kids are talking by the door."),
        ("03-01-01-01-02-01-01", "Dogs are sitting by the door."),
    ],
)
def test_a_recorded_sentence(name, expected):
    samples = read_audio(RAVDESS / f"{name}.ogg", RATE_HZ).samples
    assert Moonshine(FOLDER).words(samples) == expected
