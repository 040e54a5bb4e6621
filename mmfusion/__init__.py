"""mmfusion: raw clips with sound and words in, predictions out."""

from mmfusion.rooms import open_room
from mmfusion.specs import Clip, ClipSpec

__version__ = "0.1.0"

__all__ = [
    "Clip",
    "ClipSpec",
    *open_room(
        __name__,
        rooms=[
            "apps",
            "branches",
            "data",
            "evaluation",
            "features",
            "fusion",
            "layers",
            "losses",
            "media",
            "models",
            "ops",
            "preprocessing",
            "serving",
            "training",
        ],
        book=[
            "align_video_features",
            "create_model",
            "evaluate_model",
            "extract_audio_features",
            "extract_color_features",
            "extract_text_features",
            "extract_texture_features",
            "extract_video_features",
            "feature_level_fusion",
            "fusion_features",
            "load_data",
            "multimodal_fusion",
            "optimize_model",
            "preprocess_data",
            "simple_concat",
            "spatial_fusion",
            "temporal_fusion",
            "train_model",
        ],
        cli=["main"],
    ),
]
