"""Words out of audio: word error rate, times real time on one core, words where nobody speaks.

    python benchmarks/transcribe.py SHARED/data --json

SHARED/data holds `ravdess/` and `grid_s1/`. Here, on one core of a busy machine and all clips: word
error rates of 0.066 on RAVDESS and 0.411 on GRID, 20 and 15 times real time, and no words on noise,
hum, music and silence.
"""

import argparse
import csv
import random
import re
import time
from pathlib import Path

import jiwer
import numpy as np
from table import show

from mmfusion.media.audio import read_audio
from mmfusion.pretrained.fetch import weights_path
from mmfusion.pretrained.moonshine import RATE_HZ, Moonshine
from mmfusion.transcription.transcript import transcribe

CORPORA = {"ravdess": ("audio", "text"), "grid_s1": ("video", "transcript")}
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SECONDS = 60
CHORDS = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14))  # half tones above 220 Hz


def normalised(text):
    """Lower case, digits as words, no marks."""
    spelt = re.sub(r"\d", lambda digit: f" {DIGITS[int(digit[0])]} ", text.lower())
    return " ".join(re.sub(r"[^a-z' ]", " ", spelt).split())


def others(seed=0):
    """A minute each of what holds no speech."""
    rng, count = np.random.default_rng(seed), SECONDS * RATE_HZ
    time_s = np.arange(count) / RATE_HZ
    spectrum = np.fft.rfft(rng.normal(size=count))
    pink = np.fft.irfft(spectrum / np.sqrt(np.maximum(np.arange(len(spectrum)), 1)), count)
    hum = sum(0.2 / each * np.sin(2 * np.pi * 50 * each * time_s) for each in range(1, 6))
    return {
        "silence": np.zeros(count),
        "white noise": 0.1 * rng.normal(size=count),
        "pink noise": 0.1 * pink / pink.std(),
        "hum": hum,
        "music": np.concatenate([_second_of_music(at, rng) for at in range(SECONDS)]),
    }


def _second_of_music(at, rng):
    """A chord, a note of a tune and two beats of a drum."""
    time_s = np.arange(RATE_HZ) / RATE_HZ
    notes = [220 * 2 ** (tone / 12) for tone in CHORDS[at // 2 % len(CHORDS)]]
    notes.append(440 * 2 ** (rng.choice([0, 2, 4, 5, 7, 9, 11]) / 12))
    tones = sum(
        0.07 / each * np.sin(2 * np.pi * note * each * time_s)
        for note in notes
        for each in range(1, 7)
    )
    beat = np.exp(-np.arange(RATE_HZ // 2) / 300) * rng.normal(size=RATE_HZ // 2)
    return tones * np.minimum(1, 50 * time_s) * np.exp(-1.5 * time_s) + 0.15 * np.tile(beat, 2)


def corpus_row(name, data, network, share):
    """Word error rate and speed on a part of a corpus."""
    where, what = CORPORA[name]
    with open(data / name / "manifest.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    rows = random.Random(0).sample(rows, max(1, int(len(rows) * share)))
    heard, seconds, spent_s = [], 0.0, 0.0
    for row in rows:
        samples = read_audio(data / name / row[where], RATE_HZ).samples
        start_s = time.process_time()
        heard.append(transcribe(samples, network))
        spent_s += time.process_time() - start_s
        seconds += len(samples) / RATE_HZ
    rate = jiwer.wer(
        [normalised(row[what]) for row in rows], [normalised(each.text) for each in heard]
    )
    words = sum(len(each.text.split()) for each in heard)
    return _row(name, seconds, words, seconds / spent_s, rate)


def other_row(name, samples, network):
    """Words where there should be none."""
    start_s = time.process_time()
    found = transcribe(np.float32(samples), network)
    spent_s = time.process_time() - start_s
    return _row(name, SECONDS, len(found.text.split()), SECONDS / spent_s, None)


def _row(name, seconds, words, speed, rate):
    row = {"audio": name, "seconds": float(seconds), "words": words}
    return {**row, "word_error_rate": rate, "times_real_time": speed}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--share", type=float, default=1 / 3, help="of each corpus")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    network = Moonshine(weights_path("moonshine"))
    rows = [other_row(name, samples, network) for name, samples in others().items()]
    invented = sum(row["words"] for row in rows)
    rows += [corpus_row(name, options.data, network, options.share) for name in CORPORA]
    speed = min(row["times_real_time"] for row in rows if row["word_error_rate"] is not None)
    result = {"rows": rows, "words_without_speech": invented, "least_times_real_time": speed}
    show(result, as_json=options.json)


if __name__ == "__main__":
    main()
