"""`card.json`: what an export says of itself, and the digests that show whether it is whole."""

from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal, Self

import pydantic

from mmfusion.files import read_json, sha256
from mmfusion.json_file import Schema, check_fields
from mmfusion.specs import MASK_SUFFIX, ClipSpec

CARD = "card.json"
FORMAT = 1
GRAPH = "saved_model.pb"
LOADED = ("assets", "variables")  # folders that TensorFlow reads beside the graph
Size = Annotated[int, pydantic.Field(ge=0)] | None
Digest = Annotated[str, pydantic.Field(pattern="^[0-9a-f]{64}$")]
DType = Literal[
    "bool",
    "string",
    "bfloat16",
    "float16",
    "float32",
    "float64",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
]


class Tensor(Schema):
    """An input or output of the signature; sizes that are free are `None`."""

    dtype: DType
    shape: list[Size]


class Cleaning(Schema):
    """Steps of the spec's cleaning, by whether the caller or the graph does them."""

    before: list[str]
    in_graph: list[str]


class Card(Schema):
    """The fields of `card.json` that an export writes."""

    format: int
    classes: list[str]
    modalities: list[str]
    spec: ClipSpec | None
    cleaning: Cleaning | None = None
    read_clip: str = ""
    inputs: dict[str, Tensor]
    outputs: dict[str, Tensor] = pydantic.Field({})
    packages: list[str] = pydantic.Field([])
    created: str = ""
    versions: dict[str, str] = pydantic.Field({})
    sha256: dict[str, Digest]
    training: dict[str, Any] = pydantic.Field({})

    @pydantic.model_validator(mode="after")
    def _fits(self) -> Self:
        outputs = self.outputs.get("probabilities")
        if outputs is None or outputs.shape[-1:] != [len(self.classes)]:
            shape = None if outputs is None else outputs.shape
            raise ValueError(
                "`classes` must be as many as the `outputs` of `probabilities`. "
                f"Received: {len(self.classes)} classes, outputs {shape}"
            )
        if len(set(self.classes)) != len(self.classes):
            raise ValueError(f"`classes` must be different names. Received: {self.classes}")
        if self.spec and self.spec.cleaning and not self.cleaning:
            raise ValueError(
                "`cleaning` must say who does the steps of the spec: export the run again. "
                f"Received: none for {list(self.spec.cleaning)}"
            )
        if not isinstance(corpus := self.training.get("corpus", {}), dict):
            raise ValueError(f"`training.corpus` must be an object. Received: {corpus!r}")
        unread = {*self.modalities} - {*self.inputs}
        unread |= {f"{name}{MASK_SUFFIX}" for name in self.modalities} - {*self.inputs}
        if unread:
            raise ValueError(f"`modalities` must be in `inputs`. Received: no {sorted(unread)}")
        outside = [name for name in self.sha256 if not _is_inside(name)]
        if outside or GRAPH not in self.sha256:
            raise ValueError(
                f"`sha256` must name {GRAPH} and files beside it. Received: {sorted(self.sha256)}"
            )
        return self


def read_card(version: str | Path) -> dict[str, Any]:
    """Reads the card of a version folder and checks every file that TensorFlow will read.

    Args:
        version: Path of the version folder.

    Returns:
        dict, what `card.json` says.

    Raises:
        ValueError: if the SavedModel is not one of ours, is torn, holds a file without a digest, or
            is of another format; one line that names the file and the field.
    """
    version = Path(version)
    if not (version / CARD).is_file():
        raise ValueError(f"{version}: no {CARD}, so mmfusion did not export this SavedModel")
    card = read_json(version / CARD)
    if not isinstance(card, dict) or card.get("format") != FORMAT:
        received = card.get("format") if isinstance(card, dict) else type(card).__name__
        raise ValueError(f"{version / CARD}: format {FORMAT} expected. Received: {received}")
    check_fields(card, Card, version / CARD, extra=True)
    for name, digest in card["sha256"].items():
        if not (version / name).is_file():
            raise ValueError(f"{version / name}: missing, so the SavedModel is not whole")
        if sha256(version / name) != digest:
            raise ValueError(f"{version / name}: torn or altered since the export (sha256 differs)")
    loaded = [path for name in LOADED for path in (version / name).rglob("*") if path.is_file()]
    for path in [*version.glob("saved_model.*"), *loaded]:
        if path.relative_to(version).as_posix() not in card["sha256"]:
            raise ValueError(f"{path}: not of this export, as {CARD} has no `sha256` of it")
    return card


def _is_inside(name):
    """Whether a path leads to a file in its folder."""
    path = PurePosixPath(name)
    return bool(name) and not path.is_absolute() and ".." not in path.parts and "\\" not in name
