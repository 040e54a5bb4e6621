"""Moonshine's smallest network: features of speech, and its English words."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np

from mmfusion.ops.audio import check_audio
from mmfusion.pretrained.subword_table import join_subwords, read_subwords

FILES = ENCODER, DECODER, TOKENIZER = (
    "encoder_model.ort",
    "decoder_model_merged.ort",
    "tokenizer.bin",
)
RATE_HZ = 16_000
FEWEST_SAMPLES = 1_600  # what is shorter is padded: the encoder reads 56 ms for its first step
SAMPLES_A_STEP = 384  # by which the decoder thins out its mask
TOKENS_A_SECOND = 6.5
BEGIN, END = 1, 2
LAYERS, HEADS, HEAD_UNITS = 6, 8, 36


@dataclasses.dataclass(frozen=True)
class Decoded:
    """What the decoder made of a segment of audio.

    Args:
        text: str.
        tokens: tuple of int. Ids of the subword tokens, without begin and end.
        log_probability: float. Mean over the tokens and the end, at most 0.
        finished: bool. Whether it came to the end before the most tokens that speech has.
    """

    text: str
    tokens: tuple[int, ...]
    log_probability: float
    finished: bool


class Moonshine:
    """Speech recognition in English by Moonshine tiny, on the CPU, in one thread.

    Args:
        folder: Path of the folder that holds `encoder_model.ort`, `decoder_model_merged.ort` and
            `tokenizer.bin`.

    Raises:
        FileNotFoundError: if one of the files is missing.
        ImportError: if onnxruntime is not installed.

    Reference:
        [Jeffries et al., 2024](https://arxiv.org/abs/2410.15608)
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        missing = [name for name in FILES if not (self.folder / name).is_file()]
        if missing:
            raise FileNotFoundError(
                f"Moonshine needs {', '.join(FILES)}. Received: {self.folder} without {missing[0]}"
            )
        self.subwords = read_subwords(self.folder / TOKENIZER)
        self.encoder = _session(self.folder / ENCODER)
        self.decoder = _session(self.folder / DECODER)
        self.names = [each.name for each in self.decoder.get_outputs()]

    def features(self, samples: np.ndarray) -> np.ndarray:
        """Encodes speech.

        Args:
            samples: float array `(S,)` in [-1, 1], mono, 16 kHz.

        Returns:
            float32 array `(T, 288)`, about 41 steps a second.

        Raises:
            ValueError: if `samples` is not mono audio.
        """
        return self._encoded(samples)[0]

    def words(self, samples: np.ndarray) -> str:
        """The words of a segment of speech of up to half a minute.

        Args:
            samples: float array `(S,)` in [-1, 1], mono, 16 kHz.

        Returns:
            str. Audio without speech may give words all the same: see `transcribe`.

        Raises:
            ValueError: if `samples` is not mono audio.
        """
        return self.decode(samples).text

    def decode(self, samples: np.ndarray) -> Decoded:
        """The words of a segment of speech, with what tells whether they can be trusted.

        The likeliest token is taken at each step, at most 6.5 of them a second.

        Args:
            samples: float array `(S,)` in [-1, 1], mono, 16 kHz.

        Returns:
            Decoded.

        Raises:
            ValueError: if `samples` is not mono audio.
        """
        states = self._encoded(samples)  # (1, T, 288)
        most = max(2, int(len(samples) / RATE_HZ * TOKENS_A_SECOND))
        kept = self._no_keys()
        tokens: list[int] = [BEGIN]
        likely: list[float] = []
        while len(tokens) <= most and tokens[-1] != END:
            logits, kept = self._step(tokens[-1], states, kept, first=len(tokens) == 1)
            tokens.append(int(logits.argmax()))
            likely.append(float(-np.log(np.exp(logits - logits.max()).sum())))
        finished = tokens[-1] == END
        spoken = tuple(tokens[1:-1] if finished else tokens[1:])
        return Decoded(
            join_subwords(spoken, self.subwords), spoken, float(np.mean(likely)), finished
        )

    def _encoded(self, samples: np.ndarray) -> np.ndarray:
        """The encoder's states `(1, T, 288)`."""
        check_audio(samples, RATE_HZ)
        values = samples.astype(np.float32)
        values = np.pad(values, (0, max(0, FEWEST_SAMPLES - len(values))))[None]  # (1, S)
        mask = np.ones(values.shape, np.int64)
        return self.encoder.run(None, {"input_values": values, "attention_mask": mask})[0]

    def _step(
        self, token: int, states: np.ndarray, kept: dict[str, np.ndarray], *, first: bool
    ) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Logits `(V,)` of the next token, and the keys and values to go on with."""
        inputs = {
            "input_ids": np.array([[token]], np.int64),
            "encoder_hidden_states": states,
            "encoder_attention_mask": np.ones((1, states.shape[1] * SAMPLES_A_STEP), np.int64),
            "use_cache_branch": np.array([not first]),
        }
        outputs = dict(zip(self.names, self.decoder.run(None, inputs | kept), strict=True))
        logits = outputs.pop("logits")[0, -1]
        fresh = {
            name.replace("present", "past_key_values"): value for name, value in outputs.items()
        }
        if not first:  # those of the encoder are computed once
            fresh = {name: value for name, value in fresh.items() if ".decoder." in name}
        return logits, kept | fresh

    def _no_keys(self) -> dict[str, np.ndarray]:
        empty = np.zeros((1, HEADS, 0, HEAD_UNITS), np.float32)
        return {
            f"past_key_values.{layer}.{part}.{kind}": empty
            for layer in range(LAYERS)
            for part in ("decoder", "encoder")
            for kind in ("key", "value")
        }


def _session(path: Path) -> Any:
    try:
        import onnxruntime
    except ImportError as error:
        raise ImportError("Moonshine needs onnxruntime: pip install 'mmfusion[onnx]'") from error
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
