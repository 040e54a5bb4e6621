"""The arguments and flags that several verbs share."""

from typing import Annotated

import typer

Manifest = Annotated[str, typer.Argument(help="CSV or JSONL list of clips, or .npz of arrays.")]
Label = Annotated[str | None, typer.Option(help="Column of the class.", metavar="COLUMN")]
Group = Annotated[
    str | None, typer.Option(help="Column that must not straddle a split.", metavar="COLUMN")
]
Order = Annotated[
    str | None,
    typer.Option(help="Place in the group, of arrays; its rows are one sequence.", metavar="KEY"),
]
Modalities = Annotated[
    str | None, typer.Option(help="What to look at, as video,audio,text.", metavar="NAMES")
]
TextEncoder = Annotated[
    str | None,
    typer.Option(help="Folder of a BERT to read beside the words, of arrays.", metavar="FOLDER"),
]
FineTune = Annotated[
    int | None,
    typer.Option(help="Further epochs in which that BERT learns as well.", metavar="EPOCHS"),
]
Branches = Annotated[
    str | None,
    typer.Option(
        help="Networks of clips, as audio=mel_cnn,video=conv3d. "
        "Audio: conv_lstm, crnn or mel_cnn. Video: conv2d, conv2plus1d, conv3d, lip_reading, "
        "motion_maps, sequential_cnn or two_stream.",
        metavar="NAMES",
    ),
]
Fusion = Annotated[str | None, typer.Option(help="How modalities are brought together.")]
Epochs = Annotated[int | None, typer.Option(help="At most so many.")]
Positive = Annotated[
    str | None,
    typer.Option(help="Class that precision, recall, F1 and AUC speak of.", metavar="CLASS"),
]
Recall = Annotated[
    float | None,
    typer.Option(help="Recall of that class to choose a threshold for, on validation."),
]
Recipe = Annotated[
    str | None,
    typer.Option(help="A whole way of training: house, book, lips or voice.", metavar="NAME"),
]
Loss = Annotated[str | None, typer.Option(help="cross_entropy, focal or mse.", metavar="NAME")]
Optimizer = Annotated[
    str | None,
    typer.Option(help="adagrad, adam, adamw, lion, rmsprop or sgd.", metavar="NAME"),
]
Schedule = Annotated[
    str | None,
    typer.Option(help="cosine, cycles, exponential, fixed, plateau or step.", metavar="NAME"),
]
Rate = Annotated[float | None, typer.Option(help="Highest learning rate.")]
BatchSize = Annotated[int | None, typer.Option(help="Clips of a training step.")]
Seed = Annotated[int | None, typer.Option(help="Same seed, same numbers.")]
Workers = Annotated[int | None, typer.Option(help="Child processes that decode.")]
File = Annotated[
    str | None, typer.Option("--options", help="JSON file of further options.", metavar="FILE")
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object on stdout.")]
Seconds = Annotated[
    float | None, typer.Option(help="Length of the clock; fits the clips if not given.")
]
Steps = Annotated[int | None, typer.Option(help="Steps of the clock; eight a second if not given.")]
Size = Annotated[int | None, typer.Option(help="Height and width of frames in pixels.")]

Cleaning = Annotated[
    str | None, typer.Option(help="As video.median,audio.gate,text.plain.", metavar="STEPS")
]


def names(value):
    """`"a, b"` as `("a", "b")`."""
    return value and tuple(name.strip() for name in value.split(","))


def shares(text):
    """The numbers of `0.25,0.5`, or None where nothing was given."""
    try:
        return text and tuple(float(part) for part in text.split(","))
    except ValueError:
        raise typer.BadParameter(f"numbers expected, as 0.25,0.5. Received: {text!r}") from None


def pairs(text):
    """`"a=b, c=d"` as `{"a": "b", "c": "d"}`, or None where nothing was given."""
    if not text:
        return None
    found = [[name.strip() for name in part.split("=")] for part in text.split(",")]
    if any(len(pair) != 2 for pair in found):
        raise typer.BadParameter(f"pairs expected, as audio=mel_cnn. Received: {text!r}")
    return dict(found)


def within(given, field, *names):
    """The parameters of a verb with some of them inside a field, as `optimisation.loss`."""
    return {f"{field}.{name}" if name in names else name: given[name] for name in given}
