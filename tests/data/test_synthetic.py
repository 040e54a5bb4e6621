import collections

import numpy as np

from mmfusion.data.align import align
from mmfusion.data.manifest import read_manifest
from mmfusion.data.synthetic import CLASSES, CorpusSize, draw_figure, make_corpus
from mmfusion.media.probe import probe


def test_no_clips_is_a_manifest_of_none(tmp_path):
    manifest = make_corpus(tmp_path, CorpusSize(train=0, val=0, test=0, broken=0))
    assert read_manifest(manifest) == []


def test_same_seed_same_files(tmp_path):
    size = CorpusSize(train=1, val=0, test=0, broken=1)
    first, again = (make_corpus(tmp_path / name, size, seed=3).parent for name in "ab")
    names = sorted(path.name for path in (first / "clips").iterdir())
    assert names == sorted(path.name for path in (again / "clips").iterdir())
    for name in names:
        assert (first / "clips" / name).read_bytes() == (again / "clips" / name).read_bytes()


def test_test_part_is_balanced_and_complete(corpus):
    clips = [clip for clip in read_manifest(corpus) if clip.split == "test"]
    assert collections.Counter(clip.label for clip in clips) == dict.fromkeys(CLASSES, 2)
    assert all(clip.video and clip.transcript for clip in clips)
    info = probe(clips[0].video)
    assert (info.video.codec, info.audio.codec) == ("h264", "aac")


def test_test_scenes_are_crossed_so_that_the_ceilings_hold(corpus, spec):
    """Clips of a scene that share a bit share that modality to the last sample."""
    clips = [clip for clip in read_manifest(corpus) if clip.split == "test"][:8]
    for at, modality in enumerate(("video", "audio", "text")):
        seen = collections.defaultdict(list)
        for clip in clips:
            content = align(clip, spec)[0][modality]
            key = content.tobytes() if modality != "text" else tuple(content)
            seen[key].append(clip.label.split("-")[at])
        assert sorted(map(len, seen.values())) == [4, 4]
        assert all(len(set(bits)) == 1 for bits in seen.values())


def test_one_frame_tells_nothing_of_the_pace():
    """The figure's place in any single frame is drawn from the same distribution for both paces."""
    rng = np.random.default_rng(0)
    places = {motion: [] for motion in ("walk", "run")}
    for motion, found in places.items():
        for _ in range(300):
            frame = draw_figure(motion, rng)[16].max(axis=-1)
            found.append(np.argwhere(frame >= 120).mean(axis=0))
    walk, run = (np.array(found) for found in places.values())
    for statistic in (np.mean, np.std):
        np.testing.assert_allclose(statistic(walk, axis=0), statistic(run, axis=0), atol=2.0)
