"""A corpus of clips, alone or with features that belong to them by `id`."""

import dataclasses
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Self

import keras
import numpy as np
import tensorflow as tf

from mmfusion.data.array_preprocessor import array_preprocessor
from mmfusion.data.arrays import Arrays, Row
from mmfusion.data.cache import prepared
from mmfusion.data.encode_sentences import encode_record_sentences
from mmfusion.data.join import join_arrays
from mmfusion.data.pipeline import dataset
from mmfusion.data.preprocessor import preprocessor
from mmfusion.data.records import Records
from mmfusion.data.tower_features import with_tower_features
from mmfusion.experiments.array_corpus import ArrayCorpus
from mmfusion.experiments.corpus import Corpus
from mmfusion.experiments.model import Kind, build_model
from mmfusion.experiments.tables import SCALINGS
from mmfusion.experiments.transcribed import transcribed
from mmfusion.experiments.words import Texts, array_texts, vocabulary_of, word_branches
from mmfusion.features.bert import BertEncoder
from mmfusion.layers.video.frame_tower import FrameTower
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
        tower: FrameTower to read the frames by, or `None`.
        records: Records of the clips, once they are decoded.
    """

    path: str
    rows: tuple[Clip, ...]
    spec: ClipSpec
    options: dict[str, Any]
    decoding: Decoding = Decoding()
    features: Arrays | None = None
    encoder: BertEncoder | None = None
    tower: FrameTower | None = None
    records: Records | None = None

    @property
    def modalities(self) -> tuple[str, ...]:
        return tuple(sorted({*self.spec.modalities, *self._featured()}))

    @property
    def ordered(self) -> bool:
        return bool(self.options.get("order"))

    def decode(self, rows: Sequence[Clip] | None = None) -> Self:
        kept: dict[str, Any] = {"cache": self.decoding.cache, "workers": self.decoding.workers}
        rows = self.rows if rows is None else rows
        if self.decoding.transcribe:
            rows = transcribed(rows, **kept)
        records = prepared(rows, self.spec, **kept)
        extra = join_arrays(self.features, [row["id"] for row in records.clips])
        if self.encoder is not None and "text" in self.spec.modalities:
            extra["text" + SENTENCES_SUFFIX] = encode_record_sentences(records, self.encoder)
        records = dataclasses.replace(
            records, clips=self._with_presence(records, extra), extra=extra
        )
        if self.tower is not None and "video" in self.spec.modalities:
            records = with_tower_features(records, self.tower)
        worded = {clip.id: clip for clip in rows}
        known = tuple(worded.get(clip.id, clip) for clip in self.rows)
        return dataclasses.replace(self, rows=known, records=records)

    def part(self, rows: Iterable[Clip]) -> Records:
        if self.records is None:
            raise ValueError(f"{self.path}: not decoded yet; call `decode` first")
        part = self.records.select(rows)
        return part.in_groups() if self.ordered else part

    def only(self, modalities: Sequence[str]) -> Corpus:
        spec_modalities = tuple(name for name in self.spec.modalities if name in modalities)
        if not spec_modalities:
            return self._arrays(modalities)
        spec = dataclasses.replace(self.spec, modalities=spec_modalities)
        features = self.features and self.features.only(modalities)
        features = features if features and features.modalities else None
        kept = set(features.tensors if features else ())
        kept |= {name + SENTENCES_SUFFIX for name in spec_modalities} | {*spec_modalities}
        records = self.records
        if records is not None:
            extra = {name: values for name, values in records.extra.items() if name in kept}
            records = dataclasses.replace(records, spec=spec, extra=extra)
        return dataclasses.replace(self, spec=spec, records=records, features=features)

    def preprocessor(self, train: Records, network: Network) -> keras.Model:
        words = vocabulary_of(self._texts(train), cleaning=self.spec.cleaning)
        prep = preprocessor(self.spec, vocabulary=words)
        inputs, outputs = dict(prep.input), dict(prep.output)
        if self.encoder is not None and "text" in self.spec.modalities:
            vectors = self.encoder.vectors(inputs["text"], inputs["text_mask"])
            outputs["text" + SENTENCES_SUFFIX] = vectors
        if self.tower is not None and "video" in self.spec.modalities:
            outputs["video"] = self.tower(inputs["video"], inputs["video_mask"])
        if self.ordered:
            inputs[SEQUENCE] = keras.Input((), dtype="int32", name=SEQUENCE)
            identity = keras.layers.Identity(dtype="int32", name="sequence_through")
            outputs[SEQUENCE] = identity(inputs[SEQUENCE])
        if self.features:
            beside = array_preprocessor(
                _features_of(self.features, train), vocabulary=words, fit=SCALINGS[network.scaling]
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
        kind: Kind = "recordings" if self._featured() else "clips"
        return build_model(
            prep, network, kind=kind, classes=classes, branches=branches, spec=self.spec
        )

    def batches(
        self, part: Records, prep: keras.Model | None, *, classes: Sequence[str], **kwargs: Any
    ) -> tf.data.Dataset:
        return dataset(part, prep, classes=classes, **kwargs)

    def description(self) -> dict[str, Any]:
        fields = {"spec": self.spec.to_dict(), "ordered": self.ordered}
        return {**self.options, **fields, "transcribe": self.decoding.transcribe}

    def _arrays(self, modalities: Sequence[str]) -> Corpus:
        """The features alone, as a corpus of arrays with the labels of the clips."""
        rows = tuple(Row(each.id, each.label, each.group, each.split) for each in self.rows)
        features = self.features and self.features.only(modalities)
        tensors = join_arrays(features, [row.id for row in rows])
        names = tuple(sorted({row.label for row in rows if row.label is not None}))
        return ArrayCorpus(Arrays(Path(self.path), tensors, rows, names), self.options)

    def _with_presence(self, records: Records, extra: dict[str, np.ndarray]) -> tuple:
        """The entries of the records, which count the valid steps of the features as well."""
        counts = {name: extra[name + MASK_SUFFIX].sum(axis=1) for name in self._featured()}
        return tuple(
            {
                **row,
                "valid_steps": row["valid_steps"]
                | {name: int(count[at]) for name, count in counts.items()},
            }
            for at, row in enumerate(records.clips)
        )

    def _featured(self) -> list[str]:
        return self.features.modalities if self.features else []

    def _texts(self, train: Records) -> Texts:
        """The clips whose words are read, by modality."""
        held = {row["id"] for row in train.rows}
        texts: dict[str, Sequence[Clip]] = {}
        texts |= array_texts(_features_of(self.features, train)) if self.features else {}
        if "text" in self.spec.modalities:
            texts["text"] = [clip for clip in self.rows if clip.id in held]
        return texts


def _features_of(features: Arrays, train: Records) -> Arrays:
    """The rows of features that belong to the clips to train on."""
    ids = {row["id"] for row in train.rows}
    return features.select([row for row in features.clips if row.id in ids])
