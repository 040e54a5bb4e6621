import json
import logging
import signal
import subprocess
import sys
import time

import psutil
import pytest
import typer

from mmfusion.cli import command as command_line
from mmfusion.cli.verbs import VERBS
from mmfusion.options.schema import settings

LIGHT = """
import contextlib, io, sys
import mmfusion
from mmfusion.cli import main
for line in {lines!r}:
    sys.argv = ["mmfusion", *line]
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.suppress(SystemExit):
        main()
    if "Usage: mmfusion" not in out.getvalue():
        sys.exit(f"no help: {{line}}")
heavy = {{"tensorflow", "keras", "av", "cv2", "matplotlib", "sklearn"}} & set(sys.modules)
sys.exit(f"loaded {{heavy}}" if heavy else 0)
"""
ENDINGS = {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129}
ENDS = {"manifest": "csv", "broken": "csv", "options": "json"}
HOLD = """
import sys, time
from mmfusion.files import locked
with locked(sys.argv[1]):
    print("held", flush=True)
    time.sleep(600)
"""


def test_help_of_every_verb_loads_nothing_heavy():
    code = LIGHT.format(lines=[["--help"], *([verb, "--help"] for verb in VERBS)])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_help_names_every_verb():
    command = [sys.executable, "-m", "mmfusion", "--help"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0
    assert set(VERBS) <= set(done.stdout.split())


@pytest.mark.parametrize("verb", VERBS)
def test_every_field_has_a_flag_with_its_help(command, verb, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    text = command(verb, "--help").out
    for setting in settings(VERBS[verb][0]):
        if not setting.positional:
            assert f"--{setting.name.strip('_').replace('_', '-')} " in text
        assert setting.help.split(".")[0][:40] in text
        for choice in setting.choices:
            assert choice in text


def test_a_training_with_broken_clips_ends_with_3(trained, small_run):
    done, run = trained
    assert done.code == 3
    *_, last = done.out.splitlines()
    assert last == f"{run}/report.html"
    assert done.out.startswith("16 rows")
    assert [line.split(":")[0] for line in done.err.splitlines() if "quarantined" in line] == [
        "quarantined broken000",
        "quarantined broken001",
    ]


@pytest.fixture
def manifest(tmp_path):
    path = tmp_path / "manifest.csv"
    rows = "".join(f"{number},hello,{'xy'[number % 2]}\n" for number in range(20))
    path.write_text("id,text,label\n" + rows)
    return path


def test_only_data_on_stdout(command, small_export, small_corpus):
    clip = small_corpus.parent / "clips" / "test000_0.mp4"
    done = command("predict", small_export, clip, "--json")
    assert done.code == 0
    (row,) = json.loads(done.out)
    assert list(row) == ["path", "label", "probabilities"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("", "Usage: mmfusion"),
        ("fly", "No such command 'fly'"),
        ("trian", "Did you mean 'train'"),
        ("train", "missing argument 'manifest'"),
        ("train {manifest}", "Missing option '--out'"),
        ("train {manifest} --out {out} --epoch 3", "No such option: --epoch"),
        ("train {manifest} --out {out} --fuson gated", "--fusion"),
        ("train {manifest} --out {out} --epochs many", "Invalid value for '--epochs'"),
        ("train {out}/none.csv --out {out}", "No corpus at this path"),
        ("train {out} --out {out}", "No corpus at this path"),
        ("train {manifest} --out {out} --fusion blend", "`fusion` must be one of"),
        ("train {manifest} --out {out} --branches audio", "takes pairs, as audio=mel_cnn"),
        ("train {manifest} --out {out} --branches video=lstm", "`branches` of video must be one"),
        ("crossval {manifest} --out {out} --branches smell=mlp", "`branches` must name some of"),
        ("crossval {manifest} --out {out} --curve half", "takes numbers, as 0.25,0.5"),
        ("train {manifest} --out {out} --label colour", "no column 'colour'"),
        ("train {manifest} --out {out} --modalities smell", "`modalities` must be some of"),
        ("train {manifest} --out {out} --options {out}/none.json", "none.json"),
        ("train {manifest} --out {out} --options {options}", "did you mean 'patience'"),
        ("prepare {broken} --out {out}", "broken.csv, row 3: `id` must be unique"),
        ("prepare {manifest} --out {out} --steps 0", "`steps` must be at least 1"),
        ("evaluate {out} {manifest}", "exported model"),
        ("predict {out} a.mp4", "exported model"),
        ("export {out} --out {out}", "Not a finished run: config.json is missing"),
    ],
)
def test_usage_and_configuration_end_with_2(command, manifest, tmp_path, line, message):
    (tmp_path / "options.json").write_text('{"patients": 3}')
    (tmp_path / "broken.csv").write_text("id,text\na,x\na,y\n")
    (tmp_path / "out").mkdir()
    paths = {name: tmp_path / f"{name}.{end}" for name, end in ENDS.items()}
    done = command(*line.format(out=tmp_path / "out", **paths).split())
    assert done.code == 2
    assert message.lower() in " ".join((done.err + done.out).replace("│", "").split()).lower()
    assert "Traceback" not in done.err


@pytest.mark.parametrize("verb", ["train", "prepare"])
def test_two_on_one_folder(command, manifest, tmp_path, verb):
    holder = [sys.executable, "-c", HOLD, str(tmp_path / "out")]
    with subprocess.Popen(holder, stdout=subprocess.PIPE) as other:
        try:
            assert other.stdout.readline() == b"held\n"
            done = command(verb, manifest, "--out", tmp_path / "out", "--modalities", "text")
        finally:
            other.kill()
    assert (done.code, done.out) == (1, "")
    message = f"mmfusion: {tmp_path / 'out'} is being written by another run. Received: process"
    assert done.err.splitlines()[-1] == f"{message} {other.pid}"


def test_what_cannot_be_written_ends_with_1(command, manifest, tmp_path):
    (tmp_path / "file").write_text("in the way")
    done = command("prepare", manifest, "--out", tmp_path / "file" / "out", "--modalities", "text")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("mmfusion: ")
    assert "Traceback" not in done.err


@pytest.mark.parametrize(("sent", "code"), ENDINGS.items())
def test_signals(small_corpus, tmp_path, sent, code):
    """Ends at once with the signal's code, its children too, and leaves no half file."""
    manifest, out = small_corpus.with_name(f"long{code}.csv"), tmp_path / "out"
    rows = [f"{at},clips/test000_0.mp4" for at in range(5000)]
    manifest.write_text("\n".join(["id,video", *rows]))
    line = [sys.executable, "-m", "mmfusion", "prepare", str(manifest), "--out", str(out)]
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        try:
            deadline = time.monotonic() + 120
            while not list(out.glob(".*.tmp.*")) and time.monotonic() < deadline:
                assert run.poll() is None, run.communicate()
                time.sleep(0.05)
            children = psutil.Process(run.pid).children()
            run.send_signal(sent)
            out_text, _ = run.communicate(timeout=60)
        finally:
            run.kill()
    assert (run.returncode, out_text) == (code, "")
    assert not list(out.glob(".*.tmp.*"))
    assert not (out / "index.json").exists()
    assert children
    assert psutil.wait_procs(children, timeout=15)[1] == []


def test_foreign_names_forge_no_line_and_show_no_password(capsys):
    forged = "clip\nquarantined other\x1b[2K rtsp://me:secret@camera"
    with pytest.raises(typer.Exit):
        command_line._leave([{"id": forged, "kind": "empty", "reason": forged}])
    with pytest.raises(SystemExit):
        command_line._fail(ValueError(forged), 2)
    record = logging.makeLogRecord({"msg": "%s", "args": (forged,)})
    lines = [*capsys.readouterr().err.splitlines(), command_line._SafeFormatter().format(record)]
    assert len(lines) == 3
    for line in lines:
        assert r"clip\nquarantined other\x1b[2K rtsp://me:***@camera" in line
