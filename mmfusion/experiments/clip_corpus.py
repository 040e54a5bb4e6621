"""A corpus of clips, alone or with features that belong to them by `id`."""

import dataclasses
from collections.abc import Iterable, Sequence
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from mmfusion.data.array_preprocessor import array_preprocessor
from mmfusion.data.arrays import Arrays
from mmfusion.data.cache import prepared
from mmfusion.data.encode_sentences import encode_record_sentences
from mmfusion.data.join import join_arrays
from mmfusion.data.pipeline import dataset
from mmfusion.data.preprocessor import preprocessor
from mmfusion.data.records import Records, read_records
from mmfusion.experiments.corpus import Corpus
from mmfusion.experiments.model import build_model
from mmfusion.experiments.tables import SCALINGS
from mmfusion.experiments.words import Texts, array_texts, vocabulary_of, word_branches
from mmfusion.features.bert import BertEncoder
from mmfusion.options.grid import Decoding
from mmfusion.options.network import Network
from mmfusion.specs import MASK_SUFFIX, SENTENCES_SUFFIX, SEQUENCE, Clip, ClipSpec


@dataclasses.dataclass(frozen=True)
class ClipCorpus:
    """Raw clips on one time grid, and features beside them. Implements `Corpus`.

    Args:
        path: str. The manifest.
        rows: tuple of Clip, those with a label.
        spec: ClipSpec.
        options: dict of the options that it was read by, for `description`.
        decoding: Decoding.
        features: Arrays whose ids are those of clips, or `None`.
        encoder: BertEncoder to read the words by, or `None`.
        records: Records of the clips, once they are decoded.
        extra: dict of arrays with a row for each record: the features, and sentence vectors.
    """

    path: str
    rows: tuple[Clip, ...]
    spec: ClipSpec
    options: dict[str, Any]
    decoding: Decoding = Decoding()
    features: Arrays | None = None
    encoder: BertEncoder | None = None
    records: Records | None = None
    extra: dict[str, np.ndarray] = dataclasses.field(default_factory=dict)

    @property
    def modalities(self) -> tuple[str, ...]:
        return tuple(sorted({*self.spec.modalities, *self._featured()}))

    @property
    def ordered(self) -> bool:
        return bool(self.options.get("order"))

    def decode(self, folder: str | None = None) -> Corpus:
        """Prepares the clips, or opens the records that lie in `folder`."""
        if folder:
            records = dataclasses.replace(read_records(folder), spec=self.spec)
        else:
            how = dataclasses.asdict(self.decoding)
            records = prepared(self.rows, self.spec, **how)
        extra = join_arrays(self.features, [row["id"] for row in records.clips])
        records = self._with_presence(records, extra)
        if self.encoder is not None and "text" in self.spec.modalities:
            extra["text" + SENTENCES_SUFFIX] = encode_record_sentences(records, self.encoder)
        return dataclasses.replace(self, records=records, extra=extra)

    def part(self, rows: Iterable[Clip]) -> Records:
        part = self.records.select(rows)
        return part.in_groups() if self.ordered else part

    def only(self, modalities: Sequence[str]) -> Corpus:
        spec_modalities = tuple(name for name in self.spec.modalities if name in modalities)
        spec = dataclasses.replace(self.spec, modalities=spec_modalities)
        records = self.records and dataclasses.replace(self.records, spec=spec)
        features = self.features and self.features.only(modalities)
        kept = features.tensors if features else {}
        extra = {
            name: values
            for name, values in self.extra.items()
            if name in kept or name.removesuffix(SENTENCES_SUFFIX) in spec_modalities
        }
        return dataclasses.replace(self, spec=spec, records=records, features=features, extra=extra)

    def preprocessor(self, train: Records, network: Network) -> keras.Model:
        words = vocabulary_of(self._texts(train), cleaning=self.spec.cleaning)
        prep = preprocessor(self.spec, vocabulary=words)
        inputs, outputs = dict(prep.input), dict(prep.output)
        if self.encoder is not None and "text" in self.spec.modalities:
            vectors = self.encoder.vectors(inputs["text"], inputs["text_mask"])
            outputs["text" + SENTENCES_SUFFIX] = vectors
        if self.ordered:
            inputs[SEQUENCE] = keras.Input((), dtype="int32", name=SEQUENCE)
            identity = keras.layers.Identity(dtype="int32", name="sequence_through")
            outputs[SEQUENCE] = identity(inputs[SEQUENCE])
        if self._featured():
            beside = array_preprocessor(
                self._features_of(train), vocabulary=words, fit=SCALINGS[network.scaling]
            )
            inputs |= beside.input
            outputs |= beside.output
        return keras.Model(inputs, outputs, name="preprocessor")

    def model(
        self, prep: keras.Model, train: Records, network: Network, *, classes: int, seed: int
    ) -> keras.Model:
        texts, cleaning = self._texts(train), self.spec.cleaning
        words = vocabulary_of(texts, cleaning=cleaning)
        branches = word_branches(
            texts,
            words,
            network,
            size=self.spec.vocabulary_size,
            seed=seed,
            cleaning=cleaning,
        )
        kind = "recordings" if self._featured() else "clips"
        return build_model(
            prep, network, kind=kind, classes=classes, branches=branches, spec=self.spec
        )

    def batches(
        self, part: Records, prep: keras.Model | None, *, classes: Sequence[str], **kwargs: Any
    ) -> tf.data.Dataset:
        return dataset(part, prep, classes=classes, extra=self.extra, **kwargs)

    def description(self) -> dict[str, Any]:
        return {**self.options, "spec": self.spec.to_dict(), "ordered": self.ordered}

    def _with_presence(self, records: Records, extra: dict[str, np.ndarray]) -> Records:
        """The records, whose rows count the valid steps of the features as well."""
        masks = [extra[name + MASK_SUFFIX] for name in self._featured()]
        clips = tuple(
            {**row, "valid_steps": {**row["valid_steps"], **_counts(self._featured(), masks, at)}}
            for at, row in enumerate(records.clips)
        )
        return dataclasses.replace(records, clips=clips)

    def _featured(self) -> list[str]:
        return self.features.modalities if self.features else []

    def _features_of(self, train: Records) -> Arrays:
        ids = {row["id"] for row in train.rows}
        return self.features.select([row for row in self.features.clips if row.id in ids])

    def _texts(self, train: Records) -> Texts:
        """The clips whose words are read, by modality."""
        held = {row["id"] for row in train.rows}
        texts = array_texts(self._features_of(train)) if self.features else {}
        if "text" in self.spec.modalities:
            texts["text"] = [clip for clip in self.rows if clip.id in held]
        return texts


def _counts(names: Sequence[str], masks: Sequence[np.ndarray], at: int) -> dict[str, int]:
    return {name: int(mask[at].sum()) for name, mask in zip(names, masks, strict=True)}
