"""Demo: the whole way on the embedded corpus, beside the scores that the corpus allows."""

import dataclasses
import shutil
from pathlib import Path

from mmfusion.apps import export, predict, train
from mmfusion.apps.scores.table import text_table
from mmfusion.data.augmentation import Augmentation
from mmfusion.data.synthetic import CEILINGS, CorpusSize, make_corpus


@dataclasses.dataclass(frozen=True)
class Options:
    """Settings of `mmfusion demo`.

    Args:
        out: str. Path of the folder for the corpus, the run and the export.
        seed: int. Of the corpus and the training.
        size: CorpusSize.
        epochs: int.
    """

    out: str = "runs/demo"
    seed: int = 0
    size: CorpusSize = dataclasses.field(default_factory=CorpusSize)
    epochs: int = 16


def run(options):
    """Makes the corpus, prepares, trains, evaluates, exports, and predicts a clip it never saw.

    Args:
        options: Options.

    Returns:
        dict with `fused`, `singles`, `pairs` (accuracy by modality), `ceilings` (by number of
        modalities), `quarantined`, `prediction`, `run` and `export`.
    """
    out = Path(options.out)
    manifest = make_corpus(out / "corpus", options.size, seed=options.seed)
    run_folder, exported = out / "run", out / "saved_models" / "demo"
    shutil.rmtree(run_folder, ignore_errors=True)
    metrics = train.run(
        train.Options(
            str(manifest),
            str(run_folder),
            seconds=2.0,
            steps=8,
            size_px=64,
            epochs=options.epochs,
            augmentation=Augmentation(modality_dropout=0.3, shift_s=0.02),
            seed=options.seed,
            cache=str(out / "cache"),
        ),
        ceilings=CEILINGS,
    )
    version = export.run(export.Options(str(run_folder), str(exported)))
    new = make_corpus(
        out / "new", CorpusSize(train=0, val=0, test=1, broken=0), seed=options.seed + 1
    )
    clip = sorted((new.parent / "clips").glob("*.mp4"))[0]
    (prediction,) = predict.run(
        predict.Options(str(version), (str(clip),), transcript=str(clip.with_suffix(".srt")))
    )
    accuracy = {subset: row["accuracy"] for subset, row in metrics["ablation"].items()}
    return {
        "fused": metrics["accuracy"],
        "singles": {name: score for name, score in accuracy.items() if name.count("+") == 0},
        "pairs": {name: score for name, score in accuracy.items() if name.count("+") == 1},
        "ceilings": {"singles": CEILINGS[1], "pairs": CEILINGS[2], "fused": CEILINGS[3]},
        "quarantined": metrics["quarantined"],
        "prediction": prediction,
        "run": str(run_folder),
        "export": str(version),
    }


def table(result):
    """The table of ceilings beside what was reached, as text."""
    ceilings = result["ceilings"]
    rows = [[name, ceilings["singles"], score] for name, score in result["singles"].items()]
    rows += [[name, ceilings["pairs"], score] for name, score in result["pairs"].items()]
    rows += [["all three", ceilings["fused"], result["fused"]]]
    prediction = result["prediction"]
    return "\n".join(
        [
            text_table(["modalities", "ceiling", "reached"], rows),
            "",
            f"{len(result['quarantined'])} broken files were listed and left out",
            f"{prediction['path']}: {prediction['label']}",
            f"report: {result['run']}/report.html",
            f"export: {result['export']}",
        ]
    )
