"""Chapter 2's classic features; word vectors so far."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    word_vectors=["embedding_matrix", "load_word_vectors", "train_word2vec"],
)
