"""JSON files with a schema: what does not fit is one line that names the file and the field."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pydantic

LONGEST = 60  # characters of a received value in a message


class Schema(pydantic.BaseModel):
    """Fields of a JSON object: no others, none converted from another type, no NaN."""

    model_config = pydantic.ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


def check_fields(
    content: Any, schema: type[Schema], path: str | Path, *, extra: bool = False
) -> None:
    """Checks what a JSON file holds.

    Args:
        content: What `read_json` returned.
        schema: Schema that it must fit.
        path: Path of the file, for errors.
        extra: bool. Whether the object may hold further fields of its own.

    Raises:
        ValueError: one line with the file and the fields that do not fit.
    """
    if extra and isinstance(content, Mapping):
        content = {name: content[name] for name in schema.model_fields if name in content}
    try:
        text = json.dumps(content, allow_nan=False)
        schema.model_validate_json(text, strict=True, extra="forbid")
    except pydantic.ValidationError as error:
        raise ValueError(f"{path}: {_message(error.errors(include_url=False))}") from None
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path}: not JSON. Received: {error}") from None


def _message(errors):
    """The fields that are wrong, and what is wrong with the first."""
    fields = [".".join(map(str, each["loc"])) for each in errors]
    first, reason = errors[0], errors[0]["msg"].removeprefix("Value error, ")
    if not fields[0]:
        return f"{reason}"
    message = (
        f"fields are missing or of a wrong type: {sorted(set(fields))}. {fields[0]!r}: {reason}"
    )
    if first["type"] == "missing" or "Received" in reason:
        return message
    received = repr(first["input"])
    return f"{message}. Received: {received[:LONGEST]}{'...' if received[LONGEST:] else ''}"
