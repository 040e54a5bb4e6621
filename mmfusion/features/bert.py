"""Sentences as vectors by a BERT that lies in a local folder."""

import json
from collections.abc import Sequence
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from mmfusion.layers.text.bert import SentenceVectors, WordPieceTokenizer, import_keras_hub


class BertEncoder:
    """Turns texts into vectors: the mean of what BERT returns for each subword token.

    Args:
        folder: Path of a checkpoint: one of keras-hub's, or a folder with `config.json`,
            `model.safetensors` and `vocab.txt` or `tokenizer.json`, as sentence encoders such as
            MiniLM come. Nothing is downloaded.
        tokens: int. Subword tokens that are read of a text at most.

    Attributes:
        tokenizer: WordPieceTokenizer, from texts to the ids of their subword tokens.
        layer: SentenceVectors, from these to vectors; frozen.

    Call arguments:
        texts: sequence of N str.

    Returns:
        float32 array `(N, D)` of length 1; no texts yield no rows.

    Raises:
        FileNotFoundError: if there is no such folder.
        ImportError: if `keras-hub` is not installed.
        ValueError: naming the folder, if it holds no BERT, or one whose padding is not 0.

    Reference:
        [Devlin et al., 2019](https://arxiv.org/abs/1810.04805),
        [Reimers and Gurevych, 2019](https://arxiv.org/abs/1908.10084)
    """

    def __init__(self, folder: str | Path, *, tokens: int = 64) -> None:
        keras_hub, folder = import_keras_hub(), Path(folder)
        if not (folder / "config.json").is_file():
            raise FileNotFoundError(f"No checkpoint in this folder. Received: {folder}")
        try:
            backbone = keras_hub.models.BertBackbone.from_preset(str(folder))
            tokeniser = _tokeniser(keras_hub, folder)
        except (ValueError, KeyError, OSError) as error:
            raise ValueError(f"{folder}: not a BERT. Received: {error}") from error
        if tokeniser.pad_token_id != 0:
            received = f"pad_token_id={tokeniser.pad_token_id}"
            raise ValueError(f"{folder}: [PAD] must be the first token. Received: {received}")
        self.tokenizer = WordPieceTokenizer(tokeniser, tokens=tokens)
        self.layer = SentenceVectors(backbone, trainable=False)

    def __call__(self, texts: Sequence[str]) -> np.ndarray:
        column = tf.constant(list(texts), tf.string)[:, None]  # (N, 1)
        return self.vectors(column, tf.ones(column.shape, tf.bool)).numpy()[:, 0]

    def vectors(self, texts: keras.KerasTensor, mask: keras.KerasTensor) -> keras.KerasTensor:
        """Texts `(B, T)` and their mask to vectors `(B, T, D)`, in a graph as out of it."""
        return self.layer(self.tokenizer(texts, mask), mask)

    def __contains__(self, word: str) -> bool:
        """Whether every subword token of a word is known, and there is one."""
        unknown, count = self.count_unknown([word])
        return count > 0 and not unknown

    def count_unknown(self, texts: Sequence[str]) -> tuple[int, int]:
        """How many subword tokens of the texts are not in the vocabulary, and how many in all."""
        tokeniser = self.tokenizer.tokeniser
        unknown = tokeniser.token_to_id("[UNK]")
        ids = [np.asarray(tokeniser(text)) for text in texts]
        return sum(int(np.sum(row == unknown)) for row in ids), sum(map(len, ids))


def _tokeniser(keras_hub, folder):
    """WordPiece in lower case, unless the checkpoint says otherwise."""
    if (folder / "tokenizer.json").is_file() and not (folder / "vocab.txt").is_file():
        saved = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
        if "model" in saved:
            ids = saved["model"]["vocab"]
            lower = (saved.get("normalizer") or {}).get("lowercase", True)
            words = sorted(ids, key=ids.get)
            return keras_hub.tokenizers.BertTokenizer(vocabulary=words, lowercase=lower)
    return keras_hub.tokenizers.BertTokenizer.from_preset(str(folder))
