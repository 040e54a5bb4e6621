"""The model card: what a model is for, how it was made and how far it may be trusted."""

from pathlib import Path
from typing import Any

from mmfusion.files import replacing
from mmfusion.safe_text import markdown_code, markdown_text
from mmfusion.training.run_folder import environment

FILE = "model_card.md"


def write_model_card(
    folder: str | Path,
    config: dict[str, Any],
    metrics: dict[str, Any] | None,
    calibration: dict[str, Any] | None = None,
) -> Path:
    """Writes `model_card.md` from what was measured.

    Args:
        folder: Path of a run folder, or of the folder of a cross-validation.
        config: dict of the resolved options.
        metrics: dict of a run's or a cross-validation's figures; None where nothing was tested.
        calibration: dict, what `calibration.json` holds, or None.

    Returns:
        Path of the card.

    Reference:
        [Mitchell et al., 2019](https://arxiv.org/abs/1810.03993)
    """
    path = Path(folder) / FILE
    sections = [
        f"# Model card: {markdown_text(Path(folder).resolve().name)}",
        *_data(config),
        *(_figures(metrics) if metrics else ["## Figures", "No row was left to test on."]),
        *(_calibration(calibration) if calibration else []),
        "## Limits",
        "The figures hold for rows like those above. A camera, a speaker or a place that no group "
        "of them stands for may score lower: measure on rows of your own before you rely on it.",
        "## Made with",
        _table(["package", "version"], environment().items()),
    ]
    with replacing(path) as temporary:
        temporary.write_text("\n\n".join(sections) + "\n", encoding="utf-8")
    return path


def _data(config):
    corpus, training = config["corpus"], config["training"]
    settings = {
        "modalities": config["modalities"],
        "label": corpus["label"],
        "group": corpus["group"],
        "fusion": training["network"]["fusion"],
        "epochs": training["optimisation"]["epochs"],
        "batch_size": training["optimisation"]["batch_size"],
        "learning_rate": training["optimisation"]["learning_rate"],
        "seed": training["seed"],
        "seeds": training["seeds"],
    }
    found = [f"Trained on {markdown_code(Path(config['manifest']).name)}."]
    if "classes" in config:
        found.append(f"Classes: {', '.join(map(markdown_text, config['classes']))}.")
    if "parts" in config:
        counts = {name: len(ids) for name, ids in config["parts"].items()}
        found.append("Rows: " + ", ".join(f"{n} {name}" for name, n in counts.items()) + ".")
    table = _table(["setting", "value"], [[name, _cell(each)] for name, each in settings.items()])
    return ["## Data and settings", " ".join(found), table]


def _figures(metrics):
    if "mean" in metrics:
        rows = [
            [
                name,
                _percent(mean),
                _percent(metrics["std"][name]),
                _span(metrics["intervals"][name]),
            ]
            for name, mean in metrics["mean"].items()
        ]
        tested = f"Grouped cross-validation, {len(metrics['folds'])} folds and seeds."
        return ["## Figures", tested, _table(["figure", "mean", "std", "95 % interval"], rows)]
    names = ("accuracy", "precision", "recall", "f1", "macro_f1", "auc", "majority")
    rows = [
        [name, _percent(metrics[name]), _span(metrics["intervals"].get(name))] for name in names
    ]
    gained = [
        [markdown_text(subset), _percent(row["accuracy"]), _percent(row["gain"])]
        for subset, row in metrics["ablation"].items()
    ]
    return [
        "## Figures",
        f"{metrics['n']} rows that were neither trained nor validated on.",
        _table(["figure", "value", "95 % interval"], rows),
        "## Gain of each modality",
        _table(["modalities", "accuracy", "gain over the best single one"], gained),
        markdown_text(metrics["leak"]["verdict"]),
    ]


def _calibration(found):
    lines = [
        f"Temperature {found['temperature']:.2f}, fitted on {found['n']} validation rows; "
        f"expected calibration error there {_percent(found['ece']['before'])} before and "
        f"{_percent(found['ece']['after'])} after."
    ]
    if found.get("weights"):
        shares = found["weights"].items()
        weights = ", ".join(f"{markdown_text(name)} {_percent(share)}" for name, share in shares)
        lines.append(f"Weights of the modalities, found on the same rows: {weights}.")
    if found["threshold"]:
        at = found["threshold"]
        lines.append(
            f"For a recall of {_percent(at['wanted_recall'])} of {markdown_code(at['class'])}, "
            f"call it from {at['value']:.3f} on: there, precision was {_percent(at['precision'])}."
        )
    return ["## Calibration", " ".join(lines)]


def _table(columns, rows):
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _cell(value):
    return markdown_text(", ".join(value) if isinstance(value, list | tuple) else value)


def _percent(share):
    return "-" if share is None else f"{100 * share:.1f} %"


def _span(interval):
    return " to ".join(map(_percent, interval)) if interval else ""
