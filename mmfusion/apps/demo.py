"""Demo: the whole way on the embedded corpus, beside the scores that the corpus allows."""

import shutil
from pathlib import Path
from typing import Any

from mmfusion.apps import export, predict, train
from mmfusion.data.augmentation import Augmentation
from mmfusion.data.synthetic import CEILINGS, CorpusSize, make_corpus
from mmfusion.experiments.table import text_table
from mmfusion.options.corpus import Corpus
from mmfusion.options.demo import DemoOptions
from mmfusion.options.grid import Decoding, Grid
from mmfusion.options.optimisation import Optimisation
from mmfusion.options.verbs import ExportOptions, PredictOptions, TrainOptions

BREAKS_ON_PURPOSE = True  # what it quarantines it has made itself


def run(options: DemoOptions) -> dict[str, Any]:
    """Makes the corpus, prepares, trains, evaluates, exports, and predicts a clip it never saw.

    Args:
        options: DemoOptions.

    Returns:
        dict with `fused`, `singles`, `pairs` (accuracy by modality), `ceilings` (by number of
        modalities), `quarantined`, `prediction`, `run` and `export`.
    """
    out = Path(options.out)
    manifest = make_corpus(out / "corpus", options.size, seed=options.seed)
    run_folder, exported = out / "run", out / "saved_models" / "demo"
    shutil.rmtree(run_folder, ignore_errors=True)
    training = TrainOptions(
        corpus=Corpus(manifest=str(manifest)),
        out=str(run_folder),
        seed=options.seed,
        grid=Grid(seconds=2.0, steps=8, size_px=64),
        decoding=Decoding(cache=str(out / "cache")),
        optimisation=Optimisation(epochs=options.epochs),
        augmentation=Augmentation(shift_s=0.02),
    )
    metrics = train.run(training, ceilings=CEILINGS)
    version = export.run(ExportOptions(run=str(run_folder), out=str(exported)))["export"]
    new = make_corpus(
        out / "new", CorpusSize(train=0, val=0, test=1, broken=0), seed=options.seed + 1
    )
    clip = sorted((new.parent / "clips").glob("*.mp4"))[0]
    (prediction,) = predict.run(
        PredictOptions(model=version, paths=(str(clip),), transcript=str(clip.with_suffix(".srt")))
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
        "export": version,
    }


def table(result: dict[str, Any]) -> str:
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
