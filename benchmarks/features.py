"""Clips a second of every feature set, beside the plain way of the libraries people use."""

import argparse
import itertools
import resource
import statistics
import time

import cv2
import librosa
import numpy as np
from skimage.color import rgb2gray, rgb2hsv, rgb2lab
from skimage.feature import graycomatrix, graycoprops, hog, local_binary_pattern
from table import show

import mmfusion as mm

SECONDS, FPS, SIZE_PX, RATE_HZ = 2.0, 12.5, 112, 16_000
ANGLES = [0, np.pi / 4, np.pi / 2, 3 * np.pi / 4]


def clip():
    """Frames in which a square moves over a smooth scene, and a voice-like sound in noise."""
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (14, 14, 3), np.uint8)
    scene = cv2.resize(noise, (SIZE_PX, SIZE_PX), interpolation=cv2.INTER_CUBIC)
    frames = np.repeat(scene[None], int(SECONDS * FPS), axis=0)
    for t, frame in enumerate(frames):
        frame[30:60, 2 * t : 2 * t + 30] = rng.integers(0, 256, 3)
    times_s = np.arange(int(SECONDS * RATE_HZ)) / RATE_HZ
    tone = sum(np.sin(2 * np.pi * hz * times_s) / hz for hz in (150, 300, 450, 900)) * 60
    return frames, (tone + rng.normal(0, 0.02, tone.shape)).astype(np.float32)


def colour(frames):
    for frame in frames:
        hsv = rgb2hsv(frame)
        for channel in range(3):
            np.histogram(hsv[..., channel], bins=8, range=(0, 1))
        hsv.mean(axis=(0, 1)), hsv.std(axis=(0, 1))


def lab(frames):
    for frame in frames:
        colours = rgb2lab(frame)
        for channel in range(3):
            np.histogram(colours[..., channel], bins=8)
        colours.mean(axis=(0, 1)), colours.std(axis=(0, 1))


def texture(frames):
    for frame in frames:
        patterns = local_binary_pattern(rgb2gray(frame), 8, 1, method="uniform")
        np.histogram(patterns, bins=10)


def glcm(frames):
    for frame in frames:
        grey = (rgb2gray(frame) * 15.99).astype(np.uint8)
        pairs = graycomatrix(grey, [1], ANGLES, 16, symmetric=True, normed=True)
        for name in ("contrast", "dissimilarity", "homogeneity", "energy", "correlation"):
            graycoprops(pairs, name).mean()


def edges(frames):
    for frame in frames:
        small = cv2.resize(frame, (64, 64), interpolation=cv2.INTER_AREA)
        hog(rgb2gray(small), 9, (8, 8), (2, 2))


def flow(frames):
    greys = [cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) for frame in frames]
    for before, after in itertools.pairwise(greys):
        motion = cv2.calcOpticalFlowFarneback(before, after, None, 0.5, 3, 15, 3, 5, 1.2, 0)
        size, angle = cv2.cartToPolar(motion[..., 0], motion[..., 1])
        np.histogram(angle, bins=8, range=(0, 2 * np.pi), weights=size)
        size.mean(), size.std(), np.quantile(size, 0.95)


def mfcc(samples):
    found = librosa.feature.mfcc(
        y=samples, sr=RATE_HZ, n_mfcc=20, n_fft=512, hop_length=160, n_mels=40
    )
    librosa.feature.delta(found), librosa.feature.delta(found, order=2)


def spectrum(samples):
    settings = {"y": samples, "n_fft": 512, "hop_length": 160}
    librosa.feature.spectral_centroid(sr=RATE_HZ, **settings)
    librosa.feature.spectral_bandwidth(sr=RATE_HZ, **settings)
    librosa.feature.spectral_rolloff(sr=RATE_HZ, **settings)
    librosa.feature.spectral_flatness(**settings)
    librosa.feature.zero_crossing_rate(samples, frame_length=512, hop_length=160)
    librosa.feature.rms(y=samples, frame_length=512, hop_length=160)


def contrast(samples):
    librosa.feature.spectral_contrast(y=samples, sr=RATE_HZ, n_fft=1024, hop_length=160, n_bands=5)


def chroma(samples):
    librosa.feature.chroma_stft(y=samples, sr=RATE_HZ, n_fft=2048, hop_length=160)


def pitch(samples):
    librosa.yin(samples, fmin=65, fmax=500, sr=RATE_HZ, hop_length=160)


FAMILIES = {  # ours, by hand, and whether they take the audio
    "chroma": (mm.features.extract_chroma, chroma, True),
    "colour": (mm.features.extract_colour, colour, False),
    "contrast": (mm.features.extract_contrast, contrast, True),
    "flow": (mm.features.extract_motion, flow, False),
    "glcm": (mm.features.extract_glcm, glcm, False),
    "hog": (mm.features.extract_hog, edges, False),
    "lab": (mm.features.extract_lab, lab, False),
    "lbp": (mm.features.extract_texture, texture, False),
    "mfcc": (mm.features.extract_mfcc, mfcc, True),
    "pitch": (mm.features.extract_pitch, pitch, True),
    "spectrum": (mm.features.extract_spectrum, spectrum, True),
}


def layer_ratios(rounds):
    """How many times as fast as librosa the layers of audio are on a batch of 32 clips of 3 s."""
    import tensorflow as tf

    from mmfusion.layers.audio.log_mel import LogMel

    sound = np.random.default_rng(0).normal(0, 0.1, (32, 48_000)).astype(np.float32)
    spec = mm.ClipSpec(seconds=3.0, steps=24)
    batch, here = tf.constant(sound), tf.ones((32, spec.steps), bool)
    mfcc_graph = tf.function(mm.layers.MFCC(RATE_HZ))
    log_mel = LogMel(RATE_HZ, spec.mel_bins, spec.mel_frames)
    log_mel_graph = tf.function(lambda x: log_mel(tf.reshape(x, (32, spec.steps, -1)), here))
    settings = {"y": sound, "sr": RATE_HZ, "n_fft": 512, "hop_length": 160}
    mels = {"win_length": 400, "n_mels": spec.mel_bins, "htk": True, "norm": None, "fmin": 20}
    pairs = {
        "mfcc": (mfcc_graph, lambda: librosa.feature.mfcc(n_mfcc=20, n_mels=40, **settings)),
        "log_mel": (
            log_mel_graph,
            lambda: np.log(librosa.feature.melspectrogram(**settings, **mels) + 1e-6),
        ),
    }
    ratios = {}
    for name, (graph, theirs) in pairs.items():
        ours_s, theirs_s = _seconds([lambda graph=graph: graph(batch).numpy(), theirs], rounds)
        ratios[f"{name}_layer_to_librosa"] = theirs_s / ours_s
    return ratios


def _seconds(jobs, rounds):
    """Median seconds of each job; they take turns, so that both feel the same machine."""
    times = [[] for _ in jobs]
    for turn in range(rounds + 1):
        for job, spent in zip(jobs, times, strict=True):
            start_s = time.perf_counter()
            job()
            if turn:  # the first compiles and loads
                spent.append(time.perf_counter() - start_s)
    return [statistics.median(spent) for spent in times]


def _memory_mib():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    frames, samples = clip()
    rows, totals_s = [], np.zeros(2)
    for name, (ours, plain, hears) in FAMILIES.items():
        media = (samples, RATE_HZ) if hears else (frames,)
        jobs = [lambda f=ours, m=media: f(*m), lambda f=plain, m=media: f(m[0])]
        spent_s = np.array(_seconds(jobs, options.rounds))
        totals_s += spent_s
        ours_hz, plain_hz = 1 / spent_s
        ratio = ours_hz / plain_hz
        rows.append(
            {"family": name, "clips_a_s": ours_hz, "plain_clips_a_s": plain_hz, "ratio": ratio}
        )
    before_mib = _memory_mib()
    for _ in range(20 * options.rounds):
        for ours, _, hears in FAMILIES.values():
            ours(*((samples, RATE_HZ) if hears else (frames,)))
    grown_mib = _memory_mib() - before_mib
    result = {
        "rows": rows,
        "ratio_to_best_peer": float(totals_s[1] / totals_s[0]),
        **layer_ratios(options.rounds),
        "memory_grown_mib": grown_mib,
    }
    show(result, as_json=options.json)


if __name__ == "__main__":
    main()
