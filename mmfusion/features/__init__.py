"""Chapter 2's classic features: what frames, sound and words look like, in numbers."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    backbones=["load_backbone"],
    cnn=["extract_cnn", "extract_cnn_changes"],
    colour=["extract_colour"],
    efficientnet_lite0=["efficientnet_lite0"],
    hog=["extract_hog"],
    mfcc=["extract_mfcc"],
    motion=["extract_motion"],
    pitch=["extract_chroma", "extract_pitch"],
    pooling=["pool_steps"],
    relative_motion=["extract_relative_motion"],
    shape=["extract_shape"],
    spectrum=["extract_spectrum"],
    texture=["extract_texture"],
    tfidf=["TfIdf", "fit_tfidf"],
    voice=["describe_voice"],
    word_vectors=["embedding_matrix", "encode_words", "load_word_vectors", "train_word2vec"],
)
