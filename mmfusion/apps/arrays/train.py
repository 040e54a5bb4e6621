"""Train on arrays: rows of features to a run folder, with several seeds where that is asked."""

import dataclasses

from mmfusion.apps.arrays.corpus import read_corpus
from mmfusion.apps.arrays.fit import fit_seeds
from mmfusion.apps.arrays.score import score, table  # noqa: F401  the table is this job's too
from mmfusion.apps.arrays.words import text_encoder
from mmfusion.apps.runs.fusions import check_fusion
from mmfusion.apps.runs.scalings import check_scaling
from mmfusion.data.augmentation import FeatureAugmentation
from mmfusion.data.split import declared_split
from mmfusion.files import locked


@dataclasses.dataclass(frozen=True)
class Options:
    """Settings of `mmfusion train` for arrays.

    Args:
        manifest: str. Path of the `.npz` file, or of a CSV file of MELD. What an array `split`
            calls `val` and `test` is not trained on; without one all rows are: `mmfusion crossval`
            measures.
        out: str. Path of the run folder.
        val: str. Path of a file to validate on: its best epoch is kept, otherwise the last.
        label: str. Key of the classes.
        group: str. Key of what must not straddle a split.
        order: str. Key of the place within the group, whose rows are then one sequence, each
            labelled in the context of the others.
        modalities: tuple of str. Keys to look at; all that fit if not given.
        text_encoder: str. Path of a folder with a BERT, whose frozen sentence vectors are read
            beside the words; the exported model carries it.
        fine_tune: int. Further epochs in which the text encoder is trained as well, slowly.
        fusion: str. A name in `FUSIONS`.
        scaling: str. `z_score`, `min_max` or `robust`: how numbers are brought to one scale, fitted
            to the rows to train on; the exported model carries them.
        seeds: int. Models trained; the run is the mean of what they say.
        units: int. Width of branches and fusion.
        dropout: float. In branches and before the head.
        epochs: int.
        batch_size: int. Clips of a training step; of sequences half as many.
        rate: float. Highest learning rate.
        weight_decay: float. Decoupled.
        balance_classes: bool. Weigh classes by their effective number of rows.
        augmentation: FeatureAugmentation. How training rows are varied.
        seed: int. Of the first model. Same seed, same numbers on one machine.
    """

    manifest: str
    out: str
    val: str | None = None
    label: str = "label"
    group: str | None = None
    order: str | None = None
    modalities: tuple[str, ...] | None = None
    text_encoder: str | None = None
    fine_tune: int = 0
    fusion: str = "concat"
    scaling: str = "z_score"
    seeds: int = 1
    units: int = 64
    dropout: float = 0.3
    epochs: int = 30
    batch_size: int = 32
    rate: float = 2e-3
    weight_decay: float = 1e-2
    balance_classes: bool = True
    augmentation: FeatureAugmentation = dataclasses.field(default_factory=FeatureAugmentation)
    seed: int = 0


def run(options):
    """Trains, scores the test part if there is one, and fills the run folder.

    Args:
        options: Options.

    Returns:
        dict, what `metrics.json` holds; only `quarantined` where there is no row for a test.

    Raises:
        ValueError: if an option, the arrays or the labels do not fit.
    """
    check(options)
    encoder = text_encoder(options.text_encoder)
    parts = parts_of(options, encoder)
    with locked(options.out):
        trained = fit_seeds(parts, options, encoder)
        if not len(parts["test"]):
            return {"quarantined": []}
        return score(trained, parts["test"], out=trained.folder)


def read_rows(options, encoder=None):
    """All rows of the file, and what a `BertEncoder` makes of their texts."""
    return read_corpus(options.manifest, dataclasses.asdict(options), encoder)


def parts_of(options, encoder=None):
    """The rows of each part, a dict of `"train"`, `"val"` and `"test"` to Arrays."""
    rows = read_rows(options, encoder)
    train, val, test = declared_split(rows.clips) or (rows.clips, (), ())
    parts = {"train": rows.select(train), "val": rows.select(val), "test": rows.select(test)}
    if options.val:
        parts["val"] = read_corpus(options.val, dataclasses.asdict(options), encoder)
    return parts


def check(options):
    """Raises unless the options can be trained with."""
    check_fusion(options.fusion)
    check_scaling(options.scaling)
    if options.fine_tune < 0 or (options.fine_tune and not options.text_encoder):
        raise ValueError(
            "`fine_tune` must be epochs of a training with a `text_encoder`. "
            f"Received: fine_tune={options.fine_tune}, text_encoder={options.text_encoder}"
        )
    if options.seeds < 1:
        raise ValueError(f"`seeds` must be at least 1. Received: seeds={options.seeds}")
