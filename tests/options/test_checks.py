"""What is said before TensorFlow loads."""

import subprocess
import sys

import numpy as np
import pytest

from mmfusion.options.checks import check_options, classes_of, columns, is_arrays
from mmfusion.options.corpus import Corpus
from mmfusion.options.reading import read_options
from mmfusion.options.verbs import EvaluateOptions, TrainOptions

MELD = "Utterance,Emotion,Dialogue_ID,Utterance_ID\nfire,fear,0,0\n"


@pytest.fixture
def folder(tmp_path):
    np.savez(
        tmp_path / "a.npz", x=np.ones((4, 2)), kind=np.arange(4) % 2, class_names=["no", "yes"]
    )
    np.savez(tmp_path / "more.npz", pulse=np.ones((4, 2)), id=np.array(list("abcd")))
    (tmp_path / "m.csv").write_text("id,text,label,colour,place\na,hi,x,red,1\nb,ho,y,blue,2\n")
    (tmp_path / "m.jsonl").write_text('{"id": "a", "text": "hi", "mood": "x"}\n')
    (tmp_path / "meld.csv").write_text(MELD)
    return tmp_path


def check(folder, manifest, **flags):
    flags = {
        name: str(folder / value) if name in ("val", "features", "text_encoder") else value
        for name, value in flags.items()
    }
    manifest = str(folder / manifest)
    check_options(read_options(TrainOptions, manifest=manifest, out="run", **flags))


@pytest.mark.parametrize(
    ("manifest", "flags"),
    [
        ("m.csv", {}),
        ("m.csv", {"label": "colour", "seconds": 3.0, "positive": "blue", "order": "place"}),
        ("m.csv", {"features": "more.npz", "modalities": ("text", "pulse"), "scaling": "robust"}),
        ("m.csv", {"features": "more.npz", "branches": {"pulse": "mlp"}}),
        ("m.jsonl", {"label": "mood"}),
        ("a.npz", {"label": "kind", "positive": "yes", "scaling": "min_max"}),
        ("meld.csv", {"label": "Emotion", "val": "meld.csv"}),
        ("meld.csv", {}),
    ],
)
def test_what_fits(folder, manifest, flags):
    check(folder, manifest, **flags)


@pytest.mark.parametrize(
    ("manifest", "flags", "message"),
    [
        ("a.npz", {"label": "kind", "seconds": 3.0}, "--seconds applies to clips, and .*arrays"),
        ("a.npz", {"label": "kind", "cache": "c"}, "--cache applies to clips"),
        ("m.csv", {"scaling": "robust"}, "--scaling applies to arrays, and .*list of clips"),
        ("m.csv", {"label": "color"}, "no column 'color' for `label`; did you mean 'colour'"),
        ("m.csv", {"group": "camera"}, "no column 'camera' for `group`"),
        ("m.csv", {"order": "plac"}, "no column 'plac' for `order`; did you mean 'place'"),
        ("a.npz", {"label": "lable"}, "no column 'lable' for `label`"),
        ("a.npz", {"label": "kind", "modalities": ("y",)}, "`modalities` must be some of x, "),
        ("m.csv", {"modalities": ("vidio",)}, "`modalities` .*'vidio'; did you mean 'video'"),
        ("m.csv", {"positive": "z"}, r"`positive` must be one of \['x', 'y'\]. Received: 'z'"),
        ("a.npz", {"label": "kind", "positive": "ye"}, "'ye'; did you mean 'yes'"),
        ("m.csv", {"branches": {"text": "mlp"}}, r"some of \['audio', 'video'\].*'text'"),
        ("m.csv", {"branches": {"audio": "conv3d"}}, "`branches` of audio must be one of"),
        (
            "m.csv",
            {"modalities": ("video",), "branches": {"audio": "crnn"}},
            r"must name some of \['video'\]. Received: 'audio'",
        ),
    ],
)
def test_what_does_not(folder, manifest, flags, message):
    with pytest.raises(ValueError, match=message):
        check(folder, manifest, **flags)


@pytest.mark.parametrize(
    ("manifest", "flags"),
    [
        ("none.csv", {}),
        ("", {}),
        ("m.csv", {"val": "none.csv"}),
        ("m.csv", {"features": "none.npz"}),
        ("m.csv", {"text_encoder": "none"}),
    ],
)
def test_what_is_not_there(folder, manifest, flags):
    with pytest.raises(FileNotFoundError, match="at this path"):
        check(folder, manifest, **flags)


def test_a_command_without_a_corpus_and_one_that_only_scores(folder):
    options = EvaluateOptions(model="run", manifest=str(folder / "a.npz"), noise_db=3.0)
    with pytest.raises(ValueError, match="--noise-db applies to clips"):
        check_options(options)
    check_options(object())


def test_columns_and_kinds(folder):
    assert columns(folder / "m.jsonl") == ["id", "text", "mood"]
    assert set(columns(folder / "a.npz")) == {"x", "kind", "class_names"}
    assert [is_arrays(folder / name) for name in ("a.npz", "m.csv", "meld.csv", "none.csv")] == [
        True,
        False,
        True,
        False,
    ]
    (folder / "torn.npz").write_bytes(b"PK")
    with pytest.raises(ValueError, match=r"torn\.npz: its columns cannot be read"):
        columns(folder / "torn.npz")


def test_classes(folder):
    assert classes_of(Corpus(manifest=str(folder / "a.npz"), label="kind")) == {"no", "yes"}
    assert classes_of(Corpus(manifest=str(folder / "m.csv"), label="colour")) == {"red", "blue"}
    np.savez(folder / "b.npz", label=np.array([3, 1, 3]))
    assert classes_of(Corpus(manifest=str(folder / "b.npz"))) == {"1", "3"}


def test_needs_no_tensorflow():
    code = (
        "import sys, mmfusion.options.checks, mmfusion.options.verbs, mmfusion.options.features\n"
        "assert not {'tensorflow', 'keras', 'cv2', 'av', 'sklearn'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
