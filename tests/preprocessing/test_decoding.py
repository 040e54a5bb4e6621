import importlib
import io
import struct

import numpy as np
import pytest
import soundfile
import soxr
import tensorflow as tf

from mmfusion.preprocessing.decoding import decode_audio

module = importlib.import_module("mmfusion.preprocessing.decoding")
resampling = importlib.import_module("mmfusion.preprocessing.resampling")
KINDS = [
    ("WAV", "PCM_U8"),
    ("WAV", "PCM_16"),
    ("WAV", "PCM_24"),
    ("WAV", "PCM_32"),
    ("WAV", "FLOAT"),
    ("WAVEX", "PCM_16"),
    ("FLAC", "PCM_S8"),
    ("FLAC", "PCM_16"),
    ("FLAC", "PCM_24"),
    ("MP3", "MPEG_LAYER_III"),
    ("OGG", "VORBIS"),
]
MOST_LOST = 256  # samples of the last block of Vorbis that FFmpeg's own count leaves out


@pytest.fixture(params=["tensorflow-io", "PyAV"])
def way(request, monkeypatch):
    if request.param == "PyAV":
        monkeypatch.setattr(module, "tfio", None)
        monkeypatch.setattr(resampling, "tfio", None)
    elif module.tfio is None:
        pytest.skip("tensorflow-io is not installed or does not load here")
    return request.param


def sound(rate_hz, channels):
    """Half a second of rising tones that start and end in silence, `(S, channels)`."""
    times_s = np.arange(rate_hz // 2)[:, None] / rate_hz
    tones = np.sin(2 * np.pi * np.arange(1, channels + 1) * 300 * (1 + times_s) * times_s)
    return (0.5 * tones * np.sin(2 * np.pi * times_s) ** 2).astype("float32")


def written(samples, rate_hz, kind, subtype):
    file = io.BytesIO()
    soundfile.write(file, samples, rate_hz, format=kind, subtype=subtype)
    return file.getvalue()


def read_by_libsndfile(contents, wanted_hz):
    samples, rate_hz = soundfile.read(io.BytesIO(contents), dtype="float32", always_2d=True)
    return soxr.resample(samples.mean(axis=1), rate_hz, wanted_hz)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize(("kind", "subtype"), KINDS)
@pytest.mark.parametrize(("rate_hz", "channels"), [(16000, 1), (22050, 2), (48000, 2)])
def test_agrees_with_libsndfile(kind, subtype, rate_hz, channels):
    contents = written(sound(rate_hz, channels), rate_hz, kind, subtype)
    theirs = read_by_libsndfile(contents, 16000)
    found = decode_audio(contents, 16000).numpy()
    assert np.abs(theirs).max() > 0.3
    assert 0 <= len(theirs) - len(found) <= MOST_LOST * (subtype == "VORBIS")
    np.testing.assert_allclose(found, theirs[: len(found)], atol=1e-3)


@pytest.mark.usefixtures("way")
def test_mapped_over_files_of_all_kinds(tmp_path):
    for at, (kind, subtype) in enumerate(KINDS):
        contents = written(sound(44100, 2), 44100, kind, subtype)
        (tmp_path / f"{at:02}").write_bytes(contents)
    files = tf.data.Dataset.list_files(f"{tmp_path}/*", shuffle=False).map(tf.io.read_file)
    data = files.map(lambda contents: decode_audio(contents, 8000))
    assert data.element_spec == tf.TensorSpec((None,), tf.float32)
    lengths = [samples.shape[0] for samples in data]
    assert lengths[:-1] == [4000] * (len(KINDS) - 1)
    assert 4000 - MOST_LOST <= lengths[-1] <= 4000


def chunk(name, contents):
    return name + struct.pack("<I", len(contents)) + contents + b"\0" * (len(contents) % 2)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("samples", [1, 160])
def test_chunks_that_do_not_matter(samples):
    levels = np.arange(samples, dtype="<i2") * 100
    chunks = [
        chunk(b"bext", bytes(602)),
        chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 16000, 32000, 2, 16)),
        chunk(b"note", b"odd"),
        chunk(b"data", levels.tobytes()),
        chunk(b"cue ", bytes(28)),
    ]
    contents = b"".join([b"RIFF", struct.pack("<I", 4 + sum(map(len, chunks))), b"WAVE", *chunks])
    np.testing.assert_allclose(decode_audio(contents, 16000), levels / 32768, atol=1e-6)


@pytest.mark.usefixtures("way")
def test_a_tag_before_an_mp3():
    contents = written(sound(44100, 1), 44100, "MP3", "MPEG_LAYER_III")
    tag = b"ID3\4\0\0\0\0\1\1" + bytes(129)  # 129 is 1 and 1 in seven bits each
    found, plain = decode_audio(tag + contents, 44100), decode_audio(contents, 44100)
    np.testing.assert_allclose(found, plain, atol=1e-6)


@pytest.mark.usefixtures("way")
def test_samples_that_are_no_numbers_or_too_loud():
    samples = np.array([0.5, np.nan, 3.0, -3.0], "float32")
    contents = written(samples, 16000, "WAV", "FLOAT")
    np.testing.assert_allclose(decode_audio(contents, 16000), [0.5, 0, 1, -1])


WAV, FLAC, MP3, OGG = (
    written(sound(16000, 1), 16000, *kind) for kind in (KINDS[1], KINDS[7], KINDS[9], KINDS[10])
)
NONE = {
    "empty": b"",
    "words": b"hello world " * 30,
    "noise": np.random.default_rng(0).bytes(3000),
    "head of wav": WAV[:20],
    "no samples in wav": WAV[:36],
    "start of wav": WAV[: len(WAV) // 4],
    "head of ogg": OGG[:20],
    "picture": b"\x89PNG\r\n\x1a\n" + bytes(100),
}
CUT = {
    "head of flac": FLAC[:40],
    "half of flac": FLAC[: len(FLAC) // 2],
    "head of mp3": MP3[:20],
    "page of ogg": OGG[:60],
}


@pytest.mark.parametrize("name", NONE | CUT)
def test_broken_bytes(name, way):
    if (name, way) == ("start of wav", "PyAV"):
        pytest.skip("FFmpeg takes the end of a wav file for the end of its sound")
    data = tf.data.Dataset.from_tensors((NONE | CUT)[name]).map(lambda x: decode_audio(x, 16000))
    told = "Expected a whole wav, flac, mp3 or ogg" if name in NONE else None
    with pytest.raises(tf.errors.InvalidArgumentError, match=told):
        list(data)


@pytest.mark.skipif(module.tfio is None, reason="only tensorflow-io's can be exported")
def test_in_an_export(tmp_path):
    served = tf.Module()
    served.decode = tf.function(
        lambda contents: decode_audio(contents, 16000),
        input_signature=[tf.TensorSpec((), tf.string)],
    )
    tf.saved_model.save(served, str(tmp_path))
    again = tf.saved_model.load(str(tmp_path))
    np.testing.assert_array_equal(again.decode(FLAC), decode_audio(FLAC, 16000))
