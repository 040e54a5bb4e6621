"""Train: a manifest of clips to a run folder with a measured model."""

import dataclasses
import functools

import keras
import tensorflow as tf

from mmfusion.apps.runs.branches import check_branches, chosen_branches
from mmfusion.apps.runs.fit import class_counts, fit_batches, fitting
from mmfusion.apps.runs.fusions import FUSIONS, check_fusion
from mmfusion.apps.runs.optimisation import Optimisation, precision
from mmfusion.apps.runs.parts import learnable_classes, parts_of
from mmfusion.apps.runs.run import Run
from mmfusion.apps.runs.word_branch import words_of
from mmfusion.apps.scores.calibration import FILE, calibrate, class_number
from mmfusion.apps.scores.measure import measure
from mmfusion.apps.scores.model_card import write_model_card
from mmfusion.apps.scores.table import metrics_table
from mmfusion.data.augmentation import Augmentation
from mmfusion.data.cache import prepared
from mmfusion.data.manifest import read_manifest
from mmfusion.data.pipeline import dataset
from mmfusion.data.preprocessor import preprocessor
from mmfusion.data.presence_weights import presence_weights
from mmfusion.data.time_grid import fit_spec
from mmfusion.files import locked, read_json, sha256
from mmfusion.models.classifier import classifier
from mmfusion.specs import MODALITIES
from mmfusion.training.multi_worker import in_turns
from mmfusion.training.run_folder import asked_before, run_folder, worker_folder
from mmfusion.training.strategy import strategy
from mmfusion.training.workers import workers

table = metrics_table

FEWEST_TO_JUDGE = 50  # below it the best validation loss is the luckiest, and often an early one


@dataclasses.dataclass(frozen=True)
class Options:
    """Settings of `mmfusion train`.

    Args:
        manifest: str. Path of the clips.
        out: str. Path of the run folder.
        val: str. Path of a manifest to validate on; a part of `manifest` if not given.
        label: str. The column of the class.
        group: str. The column that must not straddle the split.
        modalities: tuple of str. What to look at.
        branches: dict of modality to a name in `BRANCHES`, where the default ones shall not do.
        fusion: str. A name in `FUSIONS`, as `concat` or `cross_attention`.
        seconds: float. Length of the clock; that of 19 clips in 20 (at most 10 s) if not given.
        steps: int. Steps of the clock; eight a second (4 to 64) if not given.
        size_px: int. Height and width of frames.
        sample_rate_hz: int. Of the sound.
        cleaning: tuple of str. Steps to clean by, as `audio.gate`, here and by the exported model.
        units: int. Width of branches and fusion.
        dropout: float. Before the head.
        epochs: int. At most so many.
        patience: int. Epochs without a better loss before training stops: that of validation, or
            of training where fewer than 50 clips validate, whose choice would be luck.
        batch_size: int. Clips of a training step; 16, or all where they are fewer, if not given.
        rate: float. Highest learning rate.
        weight_decay: float. Decoupled.
        word_vectors: str. Path of GloVe or word2vec vectors; Word2Vec is trained if not given.
        find_rate: bool. Take the rate that a range test suggests; its plot goes into the run.
        optimisation: Optimisation. Loss, optimiser, schedule, mixtures, precision.
        augmentation: Augmentation. How training clips are varied.
        balance_presence: bool. Weigh clips so that presence tells nothing of the label.
        positive: str. The class that precision, recall, F1 and AUC speak of.
        recall: float. Wanted share of the positive class; a threshold is chosen on validation.
        seed: int. Same seed, same numbers on one machine.
        cache: str. Path of the folder for prepared clips; `~/.cache/mmfusion` if not given.
        workers: int. Child processes that decode; as many as processors if not given.
        strategy: str. Where it runs: `auto`, `cpu`, `mirrored`, `multiworker` or `tpu`.
    """

    manifest: str
    out: str
    val: str | None = None
    label: str = "label"
    group: str = "group"
    modalities: tuple[str, ...] = MODALITIES
    branches: dict = dataclasses.field(default_factory=dict)
    fusion: str = "decision"
    seconds: float | None = None
    steps: int | None = None
    size_px: int = 112
    sample_rate_hz: int = 16_000
    cleaning: tuple[str, ...] = ()
    units: int = 64
    dropout: float = 0.3
    epochs: int = 30
    patience: int = 30
    batch_size: int | None = None
    rate: float = 2e-3
    weight_decay: float = 1e-2
    word_vectors: str | None = None
    find_rate: bool = False
    optimisation: Optimisation = dataclasses.field(default_factory=Optimisation)
    augmentation: Augmentation = dataclasses.field(default_factory=Augmentation)
    balance_presence: bool = True
    positive: str | None = None
    recall: float | None = None
    seed: int = 0
    cache: str | None = None
    workers: int | None = None
    strategy: str = "auto"


def run(options, ceilings=None):
    """Prepares the clips, trains, scores the test part and fills the run folder.

    Args:
        options: Options.
        ceilings: dict of number of modalities to the accuracy that no model can pass, where known.

    Returns:
        dict, what `metrics.json` holds; only `quarantined` where no clip was left for a test.

    Raises:
        ValueError: if an option, the manifest or the labels do not fit.
    """
    check(options)
    clips = read_manifest(options.manifest, label=options.label, group=options.group)
    parts = parts_of(clips, options)
    spec = fit_spec(clips, **clock_fields(options))
    chosen = strategy(options.strategy)  # first of all that TensorFlow does
    addresses, own = workers()
    with locked(worker_folder(options.out)):
        keras.utils.set_random_seed(options.seed)
        everything = [clip for part in parts.values() for clip in part]
        prepare = functools.partial(
            prepared, everything, spec, cache=options.cache, workers=options.workers
        )
        records = in_turns(prepare, chosen, own=own, count=len(addresses))
        trained = fit(records, parts, options, chosen)
        test = records.select(parts["test"])
        if not len(test):
            return {"quarantined": list(records.quarantined)}
        metrics = measure(
            trained.model,
            dataset(test, trained.preprocessor, classes=trained.classes),
            test,
            classes=trained.classes,
            positive=options.positive,
            out=trained.folder,
            ceilings=ceilings,
        )
        write_model_card(trained.folder, trained.config, metrics, read_json(trained.folder / FILE))
        return metrics


def check(options):
    """Raises a `ValueError` unless the fusion and the branches have names that are known."""
    check_fusion(options.fusion)
    check_branches(options.branches, options.modalities)


def clock_fields(options):
    """The options that `clock` makes a spec of."""
    names = ("seconds", "steps", "size_px", "sample_rate_hz", "modalities", "cleaning")
    return {name: getattr(options, name) for name in names}


def fit(records, parts, options, chosen=None):
    """Builds the Preprocessor and the model, fits, and leaves the run folder complete.

    Args:
        records: Records that hold the clips of all parts.
        parts: dict of `"train"`, `"val"` and `"test"` to sequences of `Clip`.
        options: Options.
        chosen: tf.distribute.Strategy to train in, or None.

    Returns:
        Run, with the best weights, or their mean where epochs are averaged.

    Raises:
        ValueError: if a class has no clip to train on, or there is none to validate on.
    """
    spec = records.spec
    train, val = (records.select(parts[name]) for name in ("train", "val"))
    classes = learnable_classes(train, val, parts, options.manifest)
    if options.positive is not None or options.recall is not None:
        class_number(classes if options.recall is None else val.classes, options.positive)
    trained_on = _readable(parts["train"], train)
    options = dataclasses.replace(options, batch_size=fitting(options.batch_size, trained_on))
    config = _config(records, parts, classes, options)
    resume = asked_before(worker_folder(options.out), config)
    folder = run_folder(worker_folder(options.out), config)
    words = words_of(trained_on, spec)
    prep = preprocessor(spec, vocabulary=words)
    prep.save(folder / "preprocessor.keras")
    chosen = chosen or tf.distribute.get_strategy()
    with chosen.scope(), precision(options.optimisation):
        model = classifier(
            spec,
            classes=len(classes),
            fusion=FUSIONS[options.fusion](options.units),
            branches=chosen_branches(trained_on, words, spec, options),
            units=options.units,
            dropout=options.dropout,
        )
    load = {"batch_size": options.batch_size, "classes": classes, "seed": options.seed}
    weights = presence_weights(train) if options.balance_presence else None
    batches = dataset(train, prep, training=options.augmentation, weights=weights, **load)
    judged = dataset(val, prep, **load)
    fit_batches(
        model,
        batches,
        judged,
        options=options,
        counts=class_counts(train, classes),
        monitor="val_loss" if len(val) >= FEWEST_TO_JUDGE else "loss",
        resume=resume,
    )
    if chosen.num_replicas_in_sync > 1:
        model = keras.saving.load_model(folder / "best.keras", compile=False)
    run = Run(folder, config, prep, model)
    return calibrate(run, judged, positive=options.positive, recall=options.recall)


def _config(records, parts, classes, options):
    """What `config.json` holds: the resolved options and what they came to."""
    return {
        **dataclasses.asdict(options),
        "spec": records.spec.to_dict(),
        "classes": classes,
        "manifest_sha256": sha256(options.manifest),
        "parts": {name: [clip.id for clip in part] for name, part in parts.items()},
        "quarantined": list(records.quarantined),
    }


def _readable(clips, records):
    """Those of the clips that the records hold."""
    held = {row["id"] for row in records.rows}
    return [clip for clip in clips if clip.id in held]
