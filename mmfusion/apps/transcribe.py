"""Transcribe: audio and video files to captions."""

import functools
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tqdm.auto import tqdm

from mmfusion.experiments.table import text_table
from mmfusion.media.errors import DecodeError
from mmfusion.media.write_captions import write_captions
from mmfusion.options.transcribe import TranscribeOptions
from mmfusion.pretrained.fetch import weights_path
from mmfusion.transcription.transcribe_files import transcribe_files
from mmfusion.transcription.transcript import Transcript, transcribe_file

logger = logging.getLogger(__name__)

SUFFIXES = (".json", ".srt", ".vtt")


def run(options: TranscribeOptions) -> dict[str, Any]:
    """Transcribes files one by one; what cannot be read is listed and does not stop the rest.

    Args:
        options: TranscribeOptions.

    Returns:
        dict with `n` (files with captions), `files`, for each its `path`, `captions` (the files
        written), `seconds`, `segments`, `words`, `left_out` (segments whose words could not be
        trusted), `log_probability` and `low_confidence`; and `quarantined`.

    Raises:
        FileNotFoundError: if the weights are missing.
        ImportError: if an extra is not installed.
        ValueError: if two files would get the same captions.
    """
    names = _names(options.inputs)
    out = Path(options.out)
    folder = weights_path("moonshine")
    read = functools.partial(transcribe_file, folder=folder)
    out.mkdir(parents=True, exist_ok=True)
    results = transcribe_files(options.inputs, read, workers=options.workers)
    files, quarantined = [], []
    for at, result in tqdm(results, total=len(names), unit="file", disable=None):
        path = options.inputs[at]
        if isinstance(result, DecodeError):
            quarantined.append({"path": path, "kind": result.kind, "reason": result.reason})
            continue
        captions = [out / f"{names[at]}{suffix}" for suffix in SUFFIXES]
        for caption in captions:
            about = {"language": options.language, "transcriber": folder.name}
            write_captions(caption, result.segments, **about if caption.suffix == ".json" else {})
        files.append(_row(path, captions, result))
    for row in files:
        if row["low_confidence"]:
            logger.warning("%s: low confidence; is it clear speech in English?", row["path"])
    return {"n": len(files), "files": files, "quarantined": quarantined}


def table(result: dict[str, Any]) -> str:
    """One line for each file, as text."""
    rows = [
        [row["path"], row["words"], "low" if row["low_confidence"] else "good"]
        for row in result["files"]
    ]
    return text_table(["file", "words", "confidence"], rows)


def _names(inputs: Sequence[str]) -> list[str]:
    names: dict[str, str] = {}
    for path in inputs:
        stem = Path(path).stem
        if stem in names:
            raise ValueError(
                f"`inputs` must differ in their names, which the captions get. "
                f"Received: {names[stem]} and {path}"
            )
        names[stem] = path
    return list(names)


def _row(path: str, captions: Sequence[Path], found: Transcript) -> dict[str, Any]:
    likely = found.log_probability
    return {
        "path": path,
        "captions": [str(caption) for caption in captions],
        "seconds": round(found.seconds, 3),
        "segments": len(found.segments),
        "words": len(found.text.split()),
        "left_out": found.left_out,
        "log_probability": None if likely is None else round(likely, 3),
        "low_confidence": found.low_confidence,
    }
