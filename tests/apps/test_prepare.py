import json
import random

import pytest

from mmfusion.apps import prepare
from mmfusion.data.corpus_size import CorpusSize
from mmfusion.data.manifest import read_manifest, write_manifest
from mmfusion.data.records import read_records
from mmfusion.data.synthetic import make_corpus
from mmfusion.experiments import transcribed
from mmfusion.media.errors import KINDS
from mmfusion.options.reading import read_options
from mmfusion.options.verbs import PrepareOptions
from mmfusion.specs import Clip
from tests.transcription.fakes import one_segment

UNREADABLE = {"text", "header"}  # whatever else is damaged may still be read in part


def cut(content, rng):
    return content[: rng.randrange(len(content))]


def flip_bits(content, rng):
    content = bytearray(content)
    for _ in range(rng.choice([1, 10, 1000])):
        content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    return bytes(content)


def wrong_header(content, rng):
    return rng.choice([b"\x89PNG\r\n\x1a\n", b"GIF89a", b"PK\x03\x04", bytes(64)]) + content[64:600]


def text(content, rng):
    return (
        rng.choice(["This is not a film.\n", "#EXTM3U\n/etc/hostname\n", "日本語 "]).encode() * 50
    )


MUTATIONS = {"cut": cut, "flip": flip_bits, "header": wrong_header, "text": text}


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    """Eight whole films with sound."""
    folder = tmp_path_factory.mktemp("good")
    make_corpus(folder, CorpusSize(train=0, val=0, test=1, broken=0))
    return [clip.video for clip in read_manifest(folder / "manifest.csv")]


def mutate(good, folder, count):
    """A manifest of so many damaged films in turn, each before a whole one."""
    rng, clips = random.Random(0), []
    for at in range(count):
        source, kind = good[at % len(good)], sorted(MUTATIONS)[at % len(MUTATIONS)]
        for name, change in ((f"{kind}{at}", MUTATIONS[kind]), (f"good{at}", lambda same, _: same)):
            path = folder / f"{name}.mp4"
            path.write_bytes(change(source.read_bytes(), rng))
            clips.append(Clip(name, video=path, label="x"))
    write_manifest(folder / "manifest.csv", clips)
    return folder / "manifest.csv"


def test_damaged_clips_are_listed_and_every_good_one_kept(command, good, tmp_path):
    manifest, out = mutate(good, tmp_path, 200), tmp_path / "out"
    done = command("prepare", manifest, "--out", out, "--steps", 4, "--size-px", 16)
    assert done.code == 3
    records = read_records(out)
    records.verify()
    kept = {row["id"] for row in records.clips}
    kinds = {row["id"]: row["kind"] for row in records.quarantined}
    everything = {clip.id for clip in read_manifest(manifest)}
    assert kept | set(kinds) == everything
    assert not kept & set(kinds)
    assert {name for name in everything if name.startswith("good")} <= kept
    assert {name for name in everything if name.rstrip("0123456789") in UNREADABLE} <= set(kinds)
    assert set(kinds.values()) <= set(KINDS)
    assert done.out == f"{len(kept)} clips in {out}\n"
    told = [line for line in done.err.splitlines() if line.startswith("quarantined ")]
    assert [line.split()[1:3] for line in told] == [
        [f"{id}:", f"{kind}:"] for id, kind in kinds.items()
    ]


def test_nothing_is_wrong(command, small_corpus, tmp_path):
    some = tmp_path / "manifest.jsonl"
    some.write_text(json.dumps({"id": "a", "text": "help"}) + "\n")
    done = command("prepare", some, "--out", tmp_path / "out", "--modalities", "text")
    assert (done.code, done.out) == (0, f"1 clips in {tmp_path / 'out'}\n")
    index = json.loads((tmp_path / "out" / "index.json").read_text())
    assert (index["quarantined"], index["spec"]["modalities"]) == ([], ["text"])


def test_no_clips(tmp_path):
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("id,video\n")
    result = prepare.run(PrepareOptions(manifest=str(manifest), out=str(tmp_path / "out")))
    folder = str(tmp_path / "out")
    assert result == {"n": 0, "transcribed": 0, "records": folder, "quarantined": []}
    records = read_records(result["records"])
    assert (len(records), records.spec.seconds, records.spec.steps) == (0, 2.0, 16)


def test_options_make_the_time_grid(small_corpus, tmp_path):
    def spec(name, **flags):
        flags |= {"modalities": ("text",), "sample_rate_hz": 8000, "out": str(tmp_path / name)}
        options = read_options(PrepareOptions, manifest=str(small_corpus), **flags)
        return read_records(prepare.run(options)["records"]).spec

    fitted = spec("fitted")
    assert (fitted.seconds, fitted.steps, fitted.size_px) == (2.0, 16, 112)
    asked = spec("asked", seconds=1.5, steps=3, size_px=8)
    assert (asked.seconds, asked.steps, asked.size_px) == (1.5, 3, 8)
    assert asked.sample_rate_hz == 8000


@pytest.fixture
def recogniser(monkeypatch, tmp_path):
    """A recogniser that finds the same words in every file."""
    monkeypatch.setattr(transcribed, "transcribe_file", one_segment)
    monkeypatch.setattr(transcribed, "weights_path", lambda name: tmp_path)


def test_machine_made_words_are_marked(command, good, tmp_path, recogniser):
    for name in "ab":
        (tmp_path / f"{name}.mp4").write_bytes(good[0].read_bytes())
    clips = [Clip("a", video=tmp_path / "a.mp4"), Clip("b", video=tmp_path / "b.mp4", text="mine")]
    write_manifest(tmp_path / "manifest.csv", clips)
    line = ["prepare", tmp_path / "manifest.csv", "--steps", 4, "--size-px", 16, "--seconds", 2]
    done = command(*line, "--out", tmp_path / "with", "--transcribe")
    assert done.out == f"2 clips in {tmp_path / 'with'}, 1 with machine-made words\n"
    rows = json.loads((tmp_path / "with" / "index.json").read_text())["clips"]
    assert [(row["transcribed"], row["valid_steps"]["text"]) for row in rows] == [
        (True, 2),
        (False, 1),
    ]
    assert command(*line, "--out", tmp_path / "without").code == 0
    rows = json.loads((tmp_path / "without" / "index.json").read_text())["clips"]
    assert [(row["transcribed"], row["valid_steps"]["text"]) for row in rows] == [
        (False, 0),
        (False, 1),
    ]


def test_no_weights_to_transcribe_with(command, small_corpus, tmp_path):
    done = command("prepare", small_corpus, "--out", tmp_path / "out", "--transcribe")
    assert done.code == 2
    assert "mmfusion weights get moonshine" in done.err
