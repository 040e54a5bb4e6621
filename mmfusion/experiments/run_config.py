"""`config.json` of a run folder: what it was asked to do, checked when it is opened."""

from pathlib import Path
from typing import Any, Literal, Self

import pydantic

from mmfusion.files import read_json
from mmfusion.json_file import Schema, check_fields
from mmfusion.options.training import Training
from mmfusion.specs import ClipSpec

FILE = "config.json"


class Corpus(Schema):
    """How rows are read again."""

    label: str
    group: str
    order: str | None
    modalities: list[str] | None
    features: bool = False
    transcribe: bool = False
    spec: ClipSpec | None
    ordered: bool


class RunConfig(Schema):
    """The fields of `config.json`."""

    manifest: str
    manifest_sha256: str
    corpus: Corpus
    training: Training
    modalities: list[str]
    classes: list[str]
    parts: dict[Literal["train", "val", "test"], list[str]]
    quarantined: list[dict[str, Any]]

    @pydantic.model_validator(mode="after")
    def _fits(self) -> Self:
        if not self.classes or len(set(self.classes)) != len(self.classes):
            raise ValueError(f"`classes` must be different names. Received: {self.classes}")
        return self


def read_config(folder: str | Path) -> dict[str, Any]:
    """Reads the `config.json` of a run folder.

    Args:
        folder: Path.

    Returns:
        dict of the fields of `RunConfig`.

    Raises:
        FileNotFoundError: if there is none.
        ValueError: one line with the file and the fields that do not fit.
    """
    path = Path(folder) / FILE
    config = read_json(path)
    check_fields(config, RunConfig, path)
    return config
