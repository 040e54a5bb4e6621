"""Sentences as vectors by a BERT that lies in a local folder."""

import json
from pathlib import Path

import numpy as np

BATCH = 32


class BertEncoder:
    """Turns texts into vectors: the mean of what BERT makes of each piece of a word.

    Args:
        folder: Path of a checkpoint: one of keras-hub's, or a folder with `config.json`,
            `model.safetensors` and `vocab.txt` or `tokenizer.json`, as sentence encoders such as
            MiniLM come. Nothing is downloaded.
        tokens: int. Pieces of words that are read of a text at most.

    Call arguments:
        texts: sequence of N str.

    Returns:
        float32 array `(N, D)` of length 1; no texts give no rows.

    Raises:
        FileNotFoundError: if there is no such folder.
        ImportError: if `keras-hub` is not installed.
        ValueError: naming the folder, if it holds no BERT.

    Reference:
        [Devlin et al., 2019](https://arxiv.org/abs/1810.04805),
        [Reimers and Gurevych, 2019](https://arxiv.org/abs/1908.10084)
    """

    def __init__(self, folder, *, tokens=64):
        try:
            import keras_hub
        except ImportError as error:
            raise ImportError("BERT needs a package: pip install 'mmfusion[bert]'") from error
        folder = Path(folder)
        if not (folder / "config.json").is_file():
            raise FileNotFoundError(f"No checkpoint in this folder. Received: {folder}")
        try:
            self.backbone = keras_hub.models.BertBackbone.from_preset(str(folder))
            self.tokeniser = _tokeniser(keras_hub, folder)
        except (ValueError, KeyError, OSError) as error:
            raise ValueError(f"{folder}: not a BERT. Received: {error}") from error
        self.packer = keras_hub.layers.MultiSegmentPacker(
            sequence_length=tokens,
            start_value=self.tokeniser.cls_token_id,
            end_value=self.tokeniser.sep_token_id,
            pad_value=self.tokeniser.pad_token_id,
        )

    def __call__(self, texts):
        encoded = [np.zeros((0, self.backbone.hidden_dim), np.float32)]
        for at in range(0, len(texts), BATCH):
            ids, segments = self.packer(self.tokeniser(list(texts[at : at + BATCH])))
            here = ids != self.tokeniser.pad_token_id  # (B, L)
            inputs = {"token_ids": ids, "segment_ids": segments, "padding_mask": here}
            longest = int(np.max(np.sum(here, axis=1)))
            inputs = {name: tensor[:, :longest] for name, tensor in inputs.items()}
            pieces = np.asarray(self.backbone(inputs)["sequence_output"])  # (B, L, D)
            weights = np.asarray(inputs["padding_mask"], np.float32)[..., None]
            means = (pieces * weights).sum(axis=1) / weights.sum(axis=1)
            encoded.append(means / np.linalg.norm(means, axis=1, keepdims=True))
        return np.concatenate(encoded)

    def __contains__(self, word):
        """Whether every piece of a word is known, and there is one."""
        unknown, count = self.count_unknown([word])
        return count > 0 and not unknown

    def count_unknown(self, texts):
        """How many pieces of the texts are not in the vocabulary, and how many there are."""
        unknown = self.tokeniser.token_to_id("[UNK]")
        ids = [np.asarray(self.tokeniser(text)) for text in texts]
        return sum(int(np.sum(row == unknown)) for row in ids), sum(map(len, ids))


def _tokeniser(keras_hub, folder):
    """Word pieces in lower case, unless the checkpoint says otherwise."""
    if (folder / "tokenizer.json").is_file() and not (folder / "vocab.txt").is_file():
        told = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
        if "model" in told:
            ids = told["model"]["vocab"]
            lower = (told.get("normalizer") or {}).get("lowercase", True)
            words = sorted(ids, key=ids.get)
            return keras_hub.tokenizers.BertTokenizer(vocabulary=words, lowercase=lower)
    return keras_hub.tokenizers.BertTokenizer.from_preset(str(folder))
