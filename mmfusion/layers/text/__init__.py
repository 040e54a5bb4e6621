"""Layers that take text or token ids as input."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    bert=["SentenceVectors", "WordBackbone", "WordPieceTokenizer"],
    tokens=["Tokens"],
)
