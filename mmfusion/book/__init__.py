"""The reference functions of the book by their own names, each a thin door to the library."""

from mmfusion.rooms import open_room

__all__ = open_room(
    __name__,
    chapter_2=[
        "extract_audio_features",
        "extract_text_features",
        "extract_video_features",
        "load_data",
        "preprocess_data",
    ],
    chapter_4=[
        "align_video_features",
        "extract_color_features",
        "extract_texture_features",
        "feature_level_fusion",
        "fusion_features",
        "multimodal_fusion",
        "simple_concat",
        "spatial_fusion",
        "temporal_fusion",
    ],
    chapter_5=["create_model", "evaluate_model", "optimize_model", "train_model"],
)
