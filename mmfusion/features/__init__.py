"""Chapter 2's classic features: colour and texture of frames, vectors of words."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    colour=["extract_colour"],
    texture=["extract_texture"],
    word_vectors=["embedding_matrix", "load_word_vectors", "train_word2vec"],
)
