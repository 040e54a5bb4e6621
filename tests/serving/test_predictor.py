import dataclasses
import json
import shutil
import subprocess
import sys

import av
import keras
import numpy as np
import psutil
import pytest
import tensorflow as tf

from mmfusion.data.align import align
from mmfusion.features.bert import BertEncoder
from mmfusion.files import sha256
from mmfusion.media.errors import DecodeError
from mmfusion.media.video import read_frames
from mmfusion.media.write import write_audio, write_video
from mmfusion.serving.export import export
from mmfusion.serving.predictor import Predictor
from mmfusion.specs import Clip, ClipSpec

CLASSES = ["fight", "normal", "other"]
BY_THE_CARD = """
import json, sys
sys.modules["mmfusion"] = None
import numpy as np
with open(sys.argv[1]) as file:
    card = json.load(file)
exec(card["read_clip"])
np.savez(sys.argv[3], **read_clip(sys.argv[2], card["spec"], text="hello"))
print(sorted({name.partition(".")[0] for name in sys.modules} & {"tensorflow", "keras", "cv2"}))
"""
FRESH = """
import json, sys
from mmfusion.serving import Predictor
answer = Predictor(sys.argv[1])(sys.argv[2], text="hello")
rooms = {"branches", "fusion", "layers", "models"}
loaded = [name for name in sys.modules if name.split(".")[0] == "mmfusion"]
print(json.dumps([answer, [name for name in loaded if rooms & set(name.split("."))]]))
"""


@pytest.fixture(scope="module")
def predictor(exported):
    return Predictor(exported)


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """A second of grey picture with a tone."""
    path = tmp_path_factory.mktemp("clips") / "street.mp4"
    frames = np.full((10, 32, 32, 3), 128, np.uint8)
    tone = np.sin(np.arange(8000) * 2 * np.pi * 440 / 8000).astype("float32")
    write_video(path, frames, fps=10, samples=tone, sample_rate_hz=8000)
    return path


@pytest.mark.parametrize("count", [1, 5])
def test_batch_equals_the_model(predictor, parts, aligned, count):
    prep, model = parts
    batch = aligned(count)
    ready = prep({name: tf.constant(value) for name, value in batch.items()})
    found = predictor.batch(batch)
    np.testing.assert_allclose(found, model.predict(ready, verbose=0), rtol=0, atol=1e-5)
    assert found.dtype == np.float32


def test_a_file_is_decoded_and_named_likeliest_first(predictor, clip):
    scores = predictor(clip)
    assert sorted(scores) == CLASSES
    assert list(scores.values()) == sorted(scores.values(), reverse=True)
    assert sum(scores.values()) == pytest.approx(1, abs=1e-5)


def test_a_file_equals_its_aligned_arrays(predictor, clip, spec):
    aligned, _ = align(Clip("a", video=clip, text="hello world"), spec)
    theirs = predictor.batch({name: value[None] for name, value in aligned.items()})[0]
    scores = predictor(str(clip), text="hello world")
    assert [scores[name] for name in CLASSES] == pytest.approx(theirs.tolist(), abs=1e-6)
    assert scores != predictor(clip)


@pytest.fixture
def moving(tmp_path):
    """A second and a half of a square that walks, filmed lying, with a tone that starts late."""
    path, frames = tmp_path / "moving.mp4", np.zeros((15, 48, 32, 3), np.uint8)
    for t in range(len(frames)):
        frames[t, 3 * t : 3 * t + 12, :16] = (250, 16 * t, 60)
    with av.open(str(path), "w") as container:
        video = container.add_stream("libx264", rate=10, options={"crf": "1", "bf": "2"})
        audio = container.add_stream("aac", rate=16_000, layout="stereo")
        video.height, video.width, video.pix_fmt = 48, 32, "yuv420p"
        video.set_display_rotation(90)
        for frame in frames:
            container.mux(video.encode(av.VideoFrame.from_ndarray(frame, "rgb24")))
        container.mux(video.encode(None))
        tone = np.sin(np.arange(12_288) * 2 * np.pi * 440 / 16_000).astype("float32")
        for at in range(0, len(tone), 1024):
            block = np.stack([tone[at : at + 1024], 0 * tone[at : at + 1024]])
            block = av.AudioFrame.from_ndarray(block, "fltp", "stereo")
            block.sample_rate, block.pts = 16_000, 4_000 + at
            container.mux(audio.encode(block))
        container.mux(audio.encode(None))
    return path


def test_the_card_tells_how_to_read_a_clip(exported, predictor, moving, spec, tmp_path):
    made = tmp_path / "made.npz"
    arguments = [exported / "1" / "card.json", moving, made]
    done = subprocess.run(
        [sys.executable, "-c", BY_THE_CARD, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
    with np.load(made, allow_pickle=True) as found:
        theirs = {name: found[name] for name in found.files}
    ours, _ = align(Clip("a", video=moving, text="hello"), spec)
    on_screen = read_frames(moving, spec.step_times_s, size_px=spec.size_px, exact=True)
    ours["video"] = on_screen.frames  # where `align` may take another of the same half step
    assert theirs.keys() == ours.keys()
    for name, value in ours.items():
        assert (theirs[name].shape[1:], theirs[name].dtype) == (value.shape, value.dtype)
        if name.endswith("_mask") or name == "text":
            np.testing.assert_array_equal(theirs[name][0], value)
    assert ours["video_mask"].all()
    assert ours["audio_mask"].tolist() == [False, True, True, True]
    assert np.abs(theirs["video"][0].astype(int) - ours["video"]).mean() < 2
    assert np.corrcoef(theirs["audio"].ravel(), ours["audio"].ravel())[0, 1] > 0.999
    expected = predictor.batch({name: value[None] for name, value in ours.items()})
    np.testing.assert_allclose(predictor.batch(theirs), expected, atol=0.01)


def test_cleaning_that_the_graph_cannot_do_is_asked_for(make_parts, spec, tmp_path):
    cleaning = ("audio.gate", "audio.emphasis", "video.gamma")
    spec = dataclasses.replace(spec, cleaning=cleaning)
    export(tmp_path, *make_parts(spec), classes=CLASSES, spec=spec)
    predictor = Predictor(tmp_path)
    wanted = {"before": ["audio.gate"], "in_graph": ["audio.emphasis", "video.gamma"]}
    assert predictor.card["cleaning"] == wanted
    audio = {"audio": np.ones((2, 4, 2000), "float32")}
    with pytest.raises(ValueError, match=r"cleaned by \['audio.gate'\], .*Received: cleaned=False"):
        predictor.batch(audio)
    assert predictor.batch(audio, cleaned=True).shape == (2, 3)
    assert predictor.batch({"text": [["hello", "", "", ""]]}).shape == (1, 3)


def test_sound_and_words_come_by_their_suffix(predictor, tmp_path):
    sound, words = tmp_path / "call.wav", tmp_path / "said.txt"
    write_audio(sound, np.zeros(8000, "float32"), 8000)
    words.write_text("hello world")
    alone = predictor.batch(
        {"text": [["hello world", "", "", ""]], "text_mask": [[True] + 3 * [False]]}
    )
    assert [predictor(words)[name] for name in CLASSES] == pytest.approx(
        alone[0].tolist(), abs=1e-6
    )
    silence = predictor.batch({"audio": np.zeros((1, 4, 2000), "float32")})
    found = [predictor(sound)[name] for name in CLASSES]
    assert found == pytest.approx(silence[0].tolist(), abs=1e-5)


def test_a_list_of_files(predictor, clip):
    assert predictor([]) == []
    one = predictor(clip)
    assert predictor([clip, str(clip)]) == [one, one]


def test_a_file_that_cannot_be_read(predictor, clip, tmp_path):
    bad = tmp_path / "bad.mp4"
    bad.write_text("not a film")
    with pytest.raises(DecodeError):
        predictor(bad)
    (_, first), (path, second), (_, third) = predictor.files([clip, bad, clip])
    assert isinstance(second, DecodeError)
    assert path == bad
    assert first == third


def test_words_for_a_model_without_words(make_parts, tmp_path, clip):
    deaf = ClipSpec(seconds=1.0, steps=4, size_px=16, modalities=("video",))
    export(tmp_path, *make_parts(deaf), classes=CLASSES, spec=deaf)
    predictor = Predictor(tmp_path)
    with pytest.raises(ValueError, match=r"takes no words, only \['video'\].*'hello'"):
        predictor(clip, text="hello")
    assert sorted(predictor(clip)) == CLASSES


def test_without_a_spec_only_arrays(parts, aligned, clip, tmp_path):
    export(tmp_path, *parts, classes=CLASSES)
    bare = Predictor(tmp_path)
    assert bare.batch(aligned(1)).shape == (1, 3)
    with pytest.raises(ValueError, match="without a `spec`: only arrays"):
        bare(clip)


def test_the_newest_version_is_taken(exported, copied):
    shutil.copytree(copied, copied.parent / "12")
    shutil.copytree(copied, copied.parent / "9")
    assert Predictor(copied.parent).path == copied.parent / "12"
    assert Predictor(copied).path == copied


def test_a_fresh_process_loads_no_model_code(exported, clip, predictor):
    command = [sys.executable, "-c", FRESH, str(exported), str(clip)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)
    scores, rooms = json.loads(done.stdout)
    assert rooms == []
    assert scores == pytest.approx(predictor(clip, text="hello"), abs=1e-6)


def test_a_foreign_graph_is_told_in_one_line(copied):
    (copied / "saved_model.pb").write_bytes(b"\x08\x01 not a graph")
    card = json.loads((copied / "card.json").read_text())
    digests = {**card["sha256"], "saved_model.pb": sha256(copied / "saved_model.pb")}
    (copied / "card.json").write_text(json.dumps({**card, "sha256": digests}))
    with pytest.raises(ValueError, match="TensorFlow cannot load it") as caught:
        Predictor(copied)
    assert "\n" not in str(caught.value)


def test_a_batch_with_nan_is_refused_unless_it_is_masked(predictor, aligned):
    batch = aligned(3)
    expected = predictor.batch(batch)
    batch["audio"][1, 2] = np.nan
    with pytest.raises(ValueError, match=r"`audio` must be finite.*row 1 \(1 of 3 rows\)"):
        predictor.batch(batch)
    batch["audio_mask"][1, 2] = False
    found = predictor.batch(batch)
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found[[0, 2]], expected[[0, 2]], atol=1e-6)


def test_nothing_there(tmp_path):
    with pytest.raises(FileNotFoundError, match="exported model"):
        Predictor(tmp_path)


def test_memory_is_flat(predictor, aligned):
    batch = aligned(1)

    def resident_mb(calls):
        for _ in range(calls):
            predictor.batch(batch)
        return psutil.Process().memory_info().rss / 2**20

    early = resident_mb(200)
    assert resident_mb(800) < early * 1.05


@pytest.fixture
def sentences(tiny_bert, tmp_path):
    """An export that reads sentences by BERT, a text, and what it says of it."""
    texts = keras.Input((None,), dtype="string", name="text")
    mask = keras.Input((None,), dtype="bool", name="text_mask")
    vectors = BertEncoder(tiny_bert, tokens=8).vectors(texts, mask)
    prep = keras.Model({"text": texts, "text_mask": mask}, {"text_sentences": vectors})
    read = keras.Input((None, 8), name="text_sentences")
    head = keras.layers.Dense(len(CLASSES), "softmax")(read[:, 0])
    model = keras.Model({"text_sentences": read}, head)
    batch = {"text": tf.constant([["no fire"]]), "text_mask": tf.constant([[True]])}
    export(tmp_path / "saved", prep, model, classes=CLASSES)
    return tmp_path / "saved", model(prep(batch)).numpy()


def test_words_are_read_by_bert_in_a_fresh_process(sentences):
    path, expected = sentences
    code = "import sys; from mmfusion.serving import Predictor; "
    code += "print(*Predictor(sys.argv[1]).batch({'text': [['no fire']]})[0])"
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True
    )
    np.testing.assert_allclose([float(p) for p in done.stdout.split()], expected[0], atol=1e-5)


def test_the_package_that_reads_words_is_named(sentences, monkeypatch):
    path, _ = sentences
    assert json.loads((path / "1" / "card.json").read_text())["packages"] == ["tensorflow_text"]
    monkeypatch.setitem(sys.modules, "tensorflow_text", None)
    with pytest.raises(ImportError, match=r"pip install 'mmfusion\[bert\]'"):
        Predictor(path)
