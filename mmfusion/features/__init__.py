"""Chapter 2's classic features: what frames, sound and words look like, in numbers."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    backbones=["load_backbone"],
    bert=["BertEncoder"],
    cnn=["extract_cnn", "extract_cnn_changes"],
    colour=["extract_colour", "extract_lab"],
    contrast=["extract_contrast"],
    efficientnet_lite0=["efficientnet_lite0"],
    embeddings=["count_unknown", "embedding_matrix", "encode"],
    glcm=["extract_glcm"],
    hog=["extract_hog"],
    mfcc=["extract_mfcc"],
    motion=["extract_motion"],
    motion_history=["extract_motion_history", "motion_history"],
    pitch=["extract_chroma", "extract_pitch"],
    pooling=["pool_steps"],
    relative_motion=["extract_relative_motion"],
    shape=["extract_shape"],
    sift=["extract_sift"],
    spectrum=["extract_spectrum"],
    syntax=["extract_dependencies", "extract_syntax", "load_parser", "noun_phrases"],
    text_shape=["extract_text_shape"],
    texture=["extract_texture"],
    tfidf=["TfIdf", "fit_tfidf"],
    visual_words=["VisualWords", "fit_visual_words"],
    voice=["describe_voice"],
    word_vectors=[
        "load_word_vectors",
        "save_word_vectors",
        "train_fasttext",
        "train_word2vec",
    ],
)
