"""Public corpora in their own formats, one reader each."""

from mmfusion.rooms import open_room

__all__ = open_room(__name__, meld=["is_meld", "read_meld"])
