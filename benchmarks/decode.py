"""Clips a second of mmfusion, OpenCV, decord and torchcodec: 16 frames at 112 px and the audio.

Every contender takes the 16 mid-step frames of a clip at 112x112 and its audio as 16 kHz mono,
one clip at a time. Contenders take turns clip by clip in a rotating order, so that a busy machine
slows all of them alike; a contender's time for a clip is its best of the rounds. `cpu ms` counts
the work of all its threads: what a clip costs where every processor is busy, as in preparing.

    python benchmarks/decode.py --folder clips/ --json
    python benchmarks/decode.py --minutes 10        # one long file
"""

import argparse
import dataclasses
import json
import math
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

from mmfusion.media.probe import probe
from mmfusion.media.reader import read_media
from mmfusion.media.video import read_frames
from mmfusion.media.write import write_video

STEPS, SIZE_PX, RATE_HZ = 16, 112, 16_000
SUFFIXES = {".mp4", ".mkv", ".mov", ".avi", ".webm"}


def main():
    options = parse()
    with tempfile.TemporaryDirectory() as folder:
        if options.folder:
            paths = sorted(p for p in options.folder.rglob("*") if p.suffix.lower() in SUFFIXES)
        elif options.minutes:
            paths = [write_long(Path(folder, "long.mp4"), options.minutes)]
        else:
            paths = write_corpus(Path(folder))
        paths = paths[:: max(1, len(paths) // options.clips)][: options.clips]
        rows = race(contenders(), paths, options.rounds, sound=not options.no_sound)
        quality_figures = quality(paths)
    ours, *peers = rows
    result = {"clips": len(paths), "rows": rows, **quality_figures}
    if peers:
        best = max(row["clips_per_s"] for row in peers)
        result["ratio_to_best_peer"] = ours["clips_per_s"] / best
        result["cpu_ratio_to_best_peer"] = min(row["cpu_ms"] for row in peers) / ours["cpu_ms"]
    print(json.dumps(result) if options.json else table(result))


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--folder", type=Path, help="clips to read; by default some are made")
    parser.add_argument("--minutes", type=float, help="race on one file of that length instead")
    parser.add_argument("--no-sound", action="store_true", help="race for the frames alone")
    parser.add_argument("--clips", type=int, default=40, help="most clips, spread over the folder")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    return parser.parse_args()


def middles_s(seconds):
    return (np.arange(STEPS) + 0.5) * seconds / STEPS


def race(racers, paths, rounds, *, sound):
    """One row for each contender, from its best time for each clip."""
    best_s = {name: np.full((2, len(paths)), math.inf) for name in racers}  # wall, CPU
    infos = [probe(path) for path in paths]
    if not sound:
        infos = [dataclasses.replace(info, audio=None) for info in infos]
    for turn in range(rounds):
        names = np.roll(list(racers), turn)
        for i, path in enumerate(paths):
            for name in names:
                start_s = np.array([time.perf_counter(), time.process_time()])
                frames = racers[name](str(path), infos[i])
                spent_s = np.array([time.perf_counter(), time.process_time()]) - start_s
                best_s[name][:, i] = np.minimum(best_s[name][:, i], spent_s)
                if frames.shape != (STEPS, SIZE_PX, SIZE_PX, 3):
                    raise RuntimeError(f"{name}: {path}: {frames.shape}")
    rows = []
    for name, seconds in best_s.items():
        wall_ms, cpu_ms = 1e3 * seconds.mean(axis=1)
        rows.append(
            {"name": name, "clips_per_s": 1e3 / wall_ms, "wall_ms": wall_ms, "cpu_ms": cpu_ms}
        )
    return rows


def contenders():
    """Readers by name, ours first; those that are not installed are left out."""
    readers = {"mmfusion": read_ours}
    try:
        import decord

        readers["decord"] = lambda path, info: read_decord(decord, path, info, threads=0)
        readers["decord, 1 thread"] = lambda path, info: read_decord(decord, path, info, threads=1)
        readers["OpenCV + decord's sound"] = lambda path, info: read_opencv(decord, path, info)
    except ImportError:
        pass
    try:
        import torch
        import torchcodec

        torch.set_num_threads(1)  # or its idle threads spin on into the next one's turn
        readers["torchcodec"] = lambda path, info: read_torchcodec(torchcodec, path, info)
    except (ImportError, RuntimeError, OSError):
        pass
    return readers


def read_ours(path, info):
    media = read_media(
        path,
        times_s=middles_s(info.duration_s),
        size_px=SIZE_PX,
        window_s=(0.0, info.duration_s) if info.audio else None,
        rate_hz=RATE_HZ,
    )
    return media.video.frames


def read_decord(decord, path, info, *, threads):
    reader = decord.VideoReader(path, width=SIZE_PX, height=SIZE_PX, num_threads=threads)
    frames = reader.get_batch(indices(len(reader))).asnumpy()
    sound_of(decord, path, info)
    return frames


def read_opencv(decord, path, info):
    capture = cv2.VideoCapture(path)
    wanted = indices(int(capture.get(cv2.CAP_PROP_FRAME_COUNT)))
    frames = []
    for i in range(wanted[-1] + 1):
        capture.grab()
        for _ in range(wanted.count(i)):
            _, image = capture.retrieve()
            image = cv2.resize(image, (SIZE_PX, SIZE_PX), interpolation=cv2.INTER_AREA)
            frames.append(image[..., ::-1])
    capture.release()
    sound_of(decord, path, info)
    return np.stack(frames)


def sound_of(decord, path, info):
    if info.audio:
        decord.AudioReader(path, sample_rate=RATE_HZ, mono=True)[:]


def read_torchcodec(torchcodec, path, info):
    import torch

    decoder = torchcodec.decoders.VideoDecoder(path, seek_mode="approximate", num_ffmpeg_threads=0)
    frames = decoder.get_frames_at(indices(len(decoder))).data
    frames = torch.nn.functional.interpolate(frames.float(), (SIZE_PX, SIZE_PX), mode="area")
    if info.audio:
        decoder = torchcodec.decoders.AudioDecoder(path, sample_rate=RATE_HZ, num_channels=1)
        decoder.get_all_samples()
    return frames.byte().permute(0, 2, 3, 1).numpy()


def indices(count):
    """The mid-step frames of a video of `count` frames."""
    return [min(count - 1, int((i + 0.5) * count / STEPS)) for i in range(STEPS)]


def quality(paths):
    """How far from the asked time our frames are, in steps, and from exact decoding, in dB."""
    off, psnr_db = [], []
    for path in paths:
        seconds = probe(path).duration_s
        times_s = middles_s(seconds)
        ours = read_frames(path, times_s, size_px=SIZE_PX)
        exact = read_frames(path, ours.times_s, size_px=SIZE_PX, exact=True)
        off.append(np.abs(ours.times_s - times_s).max() * STEPS / seconds)
        error = (ours.frames.astype(float) - exact.frames) ** 2
        psnr_db.append(10 * np.log10(255**2 / np.maximum(error.mean((1, 2, 3)), 1e-4)))
    psnr_db = np.concatenate(psnr_db)
    return {
        "off_steps_max": max(off),
        "psnr_db_mean": psnr_db.mean(),
        "psnr_db_min": psnr_db.min(),
    }


def write_corpus(folder, clips=24):
    """Clips of two seconds at 96 px: a bright square on its way over a noisy ground, and a tone."""
    rng = np.random.default_rng(0)
    for i in range(clips):
        frames = np.repeat(rng.integers(0, 90, (1, 96, 96, 3), np.uint8), 50, axis=0)
        for t, (x, y) in enumerate(np.linspace(rng.integers(0, 72, 2), rng.integers(0, 72, 2), 50)):
            frames[t, int(y) : int(y) + 24, int(x) : int(x) + 24] = 220
        tone = 0.3 * np.sin(2 * np.pi * rng.uniform(200, 2000) * np.arange(32_000) / RATE_HZ)
        write_video(folder / f"{i:03d}.mp4", frames, fps=25, samples=tone, sample_rate_hz=RATE_HZ)
    return sorted(folder.iterdir())


def write_long(path, minutes):
    """One file of 320x240 frames, 25 a second, and a tone."""
    rng = np.random.default_rng(0)
    ground = cv2.resize(rng.integers(0, 255, (60, 400, 3), np.uint8), (1600, 240))
    count = int(minutes * 60 * 25)
    frames = np.stack([ground[:, (3 * t) % 1280 :][:, :320] for t in range(count)])
    tone = 0.3 * np.sin(2 * np.pi * 440 * np.arange(int(minutes * 60 * RATE_HZ)) / RATE_HZ)
    write_video(path, frames, fps=25, samples=tone, sample_rate_hz=RATE_HZ)
    return path


def table(result):
    lines = [f"{'contender':26}{'clips/s':>9}{'wall ms':>9}{'cpu ms':>9}"]
    lines += [
        f"{r['name']:26}{r['clips_per_s']:9.1f}{r['wall_ms']:9.2f}{r['cpu_ms']:9.2f}"
        for r in result["rows"]
    ]
    figures = {k: v for k, v in result.items() if k != "rows"}
    return "\n".join([*lines, *(f"{name}: {figure:.4g}" for name, figure in figures.items())])


if __name__ == "__main__":
    main()
