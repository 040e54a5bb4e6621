"""Writers: H.264 and AAC in MP4, and WAV. Same input, same bytes; a file appears whole or not."""

import fractions
import wave
from pathlib import Path

import av
import numpy as np

from mmfusion.files import replacing

MP4 = {"movflags": "+faststart", "fflags": "+bitexact"}
BITEXACT = {"flags": "+bitexact"}


def write_video(
    path: str | Path,
    frames: np.ndarray,
    *,
    fps: float,
    samples: np.ndarray | None = None,
    sample_rate_hz: int = 16_000,
    preset: str = "veryfast",
    crf: int = 20,
) -> None:
    """Writes frames, and audio if there is any, as H.264 and AAC in an MP4 file.

    Frames of even width and height are stored in the usual 4:2:0; odd ones, which 4:2:0 cannot
    hold, in 4:4:4.

    Args:
        path: Path of the file to write.
        frames: uint8 array (T, H, W, 3), RGB.
        fps: float. Frames per second.
        samples: float array (N,) in [-1, 1], mono. `None` writes no audio.
        sample_rate_hz: int. One that AAC knows: 8000, 16000, 22050, 44100, 48000 and a few more.
        preset: str. x264's trade of time for size, `"ultrafast"` to `"veryslow"`.
        crf: int. x264's quality: 0 is lossless, 18 looks it, 51 is worst.

    Raises:
        ValueError: if there are no frames, or they are not uint8 RGB of one size.
    """
    frames = np.asarray(frames)  # (T, H, W, 3)
    if frames.ndim != 4 or frames.shape[-1] != 3 or frames.dtype != np.uint8 or not frames.size:
        raise ValueError(
            "`frames` must be uint8 of shape (T, H, W, 3), not empty. "
            f"Received: {frames.dtype} of shape {frames.shape}"
        )
    with (
        replacing(path) as temporary,
        av.open(str(temporary), "w", format="mp4", options=MP4) as container,
    ):
        video = container.add_stream(
            "libx264", rate=fractions.Fraction(fps).limit_denominator(1001)
        )
        video.height, video.width = frames.shape[1:3]
        video.pix_fmt = "yuv444p" if video.height % 2 or video.width % 2 else "yuv420p"
        video.options = {"preset": preset, "crf": str(crf), **BITEXACT}
        video.thread_count = 1  # small frames; and the bytes depend on it
        audio = None
        if samples is not None:
            audio = container.add_stream(
                "aac", rate=sample_rate_hz, layout="mono", options=BITEXACT
            )
        for frame in frames:
            image = av.VideoFrame.from_ndarray(frame, "rgb24").reformat(format=video.pix_fmt)
            container.mux(video.encode(image))
        container.mux(video.encode(None))
        if audio:
            container.mux(audio.encode(_audio_frame(samples, sample_rate_hz)))
            container.mux(audio.encode(None))


def write_audio(path: str | Path, samples: np.ndarray, sample_rate_hz: int) -> None:
    """Writes mono audio as 16-bit WAV.

    Args:
        path: Path of the file to write.
        samples: float array (N,) in [-1, 1]; what lies outside is clipped.
        sample_rate_hz: int.
    """
    steps = np.round(np.clip(samples, -1, 1) * 32_767).astype("<i2")
    with replacing(path) as temporary, wave.open(str(temporary), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sample_rate_hz)
        file.writeframes(steps.tobytes())


def _audio_frame(samples, sample_rate_hz):
    frame = av.AudioFrame.from_ndarray(np.float32(samples)[None], "fltp", "mono")
    frame.sample_rate, frame.pts = sample_rate_hz, 0  # so that the encoder's delay is written
    return frame
