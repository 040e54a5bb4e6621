import pytest

import mmfusion as mm

BOOK = """
load_data preprocess_data extract_video_features extract_audio_features
extract_text_features simple_concat feature_level_fusion temporal_fusion align_video_features
spatial_fusion extract_color_features extract_texture_features fusion_features create_model
train_model evaluate_model optimize_model multimodal_fusion
"""


@pytest.mark.parametrize("name", BOOK.split())
def test_every_function_stands_at_the_front_door_and_names_its_chapter(name):
    assert getattr(mm, name).__doc__.startswith("Chapter ")


def test_main_is_the_command():
    assert mm.main is mm.cli.main
