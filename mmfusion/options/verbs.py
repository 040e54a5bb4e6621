"""The options of the commands that train or score a model."""

import dataclasses

from mmfusion.options.corpus import Corpus
from mmfusion.options.grid import Decoding, Grid
from mmfusion.options.names import EnsembleName, FusionName, PartName, RunnerName, SearchName
from mmfusion.options.schema import CLIPS, nested, only_for, positional
from mmfusion.options.training import Training


@dataclasses.dataclass(frozen=True, kw_only=True)
class TrainOptions(Training):
    """Train a model on clips or arrays, measure it and write a run folder.

    Args:
        out: str. Run folder.
        refit: bool. Train once more on all rows after measuring; by default arrays, which are
            quick, and where there are fewer than ten groups, too few to hold two parts back.
        corpus: Corpus.
        grid: Grid.
        decoding: Decoding.
    """

    out: str
    refit: bool | None = None
    corpus: Corpus
    grid: Grid = nested(Grid, applies_to=CLIPS)
    decoding: Decoding = nested(Decoding, applies_to=CLIPS)


@dataclasses.dataclass(frozen=True, kw_only=True)
class CrossvalOptions(TrainOptions):
    """Train and score on grouped folds: mean, spread, intervals and paired tests.

    Args:
        out: str. Folder of a run for each fold.
        folds: int. Number of folds.
        seeds: int. How often all folds are drawn and trained, each time from the next seed.
        curve: tuple of float. Shares of the training part to train on as well, as 0.25,0.5, for the
            learning curve.
    """

    folds: int = 5
    curve: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.folds < 2:
            raise ValueError(f"`folds` must be at least 2. Received: folds={self.folds}")
        if not all(0 < share < 1 for share in self.curve):
            raise ValueError(f"`curve` must be shares between 0 and 1. Received: {self.curve}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class CompareOptions(TrainOptions):
    """Train every fusion on the same folds, beside each modality alone, and test the gains.

    Args:
        out: str. Folder for the runs; a temporary one if empty.
        fusions: tuple of str. Which to train; all if not given.
        folds: int. Number of folds.
    """

    out: str = ""
    fusions: tuple[FusionName, ...] | None = None
    folds: int = 5

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.folds < 2:
            raise ValueError(f"`folds` must be at least 2. Received: folds={self.folds}")


@dataclasses.dataclass(frozen=True, kw_only=True)
class TuneOptions(TrainOptions):
    """Search the settings of a training and train with the best ones.

    Args:
        out: str. Folder of the search: leaderboard, a run for each trial, and `best`.
        search: str. What proposes the trials.
        trials: int. At most so many.
        parallel: int. Trials at a time, each in a process of its own.
        space: str. JSON file of the fields to search.
    """

    search: SearchName = "random"
    trials: int = 20
    parallel: int = 1
    space: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class EnsembleOptions:
    """Export several trainings as one model.

    Args:
        runs: tuple of str. Folders of crossval, each a member, or one run with snapshots.
        out: str. Folder of versions, as saved_models/fights.
        method: str. How the members are joined; weights are found on out-of-fold predictions only.
    """

    runs: tuple[str, ...] = positional()
    out: str
    method: EnsembleName = "average"


@dataclasses.dataclass(frozen=True, kw_only=True)
class EvaluateOptions:
    """Score a model on clips or arrays: figures, ablation and shortcut check.

    Args:
        model: str. Run folder or exported model.
        manifest: str. CSV or JSONL list of clips, `.npz` file of arrays, or MELD's CSV file.
        features: str. `.npz` file of further modalities of the clips, joined by `id`.
        label: str. Column or key of the class; the one trained on if not given.
        positive: str. Class that precision, recall, F1 and AUC speak of.
        part: str. Which rows; `test` for the corpus that the run was trained on, `all` for any
            other, if not given.
        noise_db: float. Signal-to-noise ratio of white noise that is added to the audio.
        out: str. Folder for the report and the plots.
        batch_size: int. Rows scored at once.
        trust: bool. Open an exported model though its graph writes files or runs Python.
        decoding: Decoding.
    """

    model: str = positional()
    manifest: str = positional()
    features: str | None = None
    label: str | None = None
    positive: str | None = None
    part: PartName | None = None
    noise_db: float | None = only_for(CLIPS, None)
    out: str | None = None
    batch_size: int = 16
    trust: bool = False
    decoding: Decoding = nested(Decoding, applies_to=CLIPS)


@dataclasses.dataclass(frozen=True, kw_only=True)
class PredictOptions:
    """Predict the probability of each class for raw files.

    Args:
        model: str. Run folder, which is exported into itself, or exported model.
        paths: tuple of str. Video, audio or caption files.
        text: str. Words that go with each.
        transcript: str. Caption file that goes with each.
        trust: bool. Open an exported model though its graph writes files or runs Python.
    """

    model: str = positional()
    paths: tuple[str, ...] = positional()
    text: str | None = None
    transcript: str | None = None
    trust: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExportOptions:
    """Write a run as a SavedModel that carries its own preprocessing.

    Args:
        run: str. Run folder.
        out: str. Folder of versions, as saved_models/fights.
    """

    run: str = positional()
    out: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PrepareOptions:
    """Decode, align and clean clips once, into TFRecord shards.

    Args:
        out: str. Folder for the records.
        manifest: str. CSV or JSONL list of clips.
        label: str. Column of the class.
        group: str. Column of the source that must not straddle a split.
        modalities: tuple of str. Which to keep; all if not given.
        workers: int. Child processes that decode; as many as processors if not given.
        transcribe: bool. Whether clips with audio and no words of their own get those that are
            spoken, machine-made and in English; kept as captions in the cache.
        runner: str. What runs them: this machine, or Apache Beam.
        beam_flags: tuple of str. Beam's own flags, as --runner=FlinkRunner.
        grid: Grid.
    """

    manifest: str = positional()
    out: str
    label: str = "label"
    group: str = "group"
    modalities: tuple[str, ...] | None = None
    workers: int | None = None
    transcribe: bool = False
    runner: RunnerName = "local"
    beam_flags: tuple[str, ...] = ()
    grid: Grid = nested(Grid)
