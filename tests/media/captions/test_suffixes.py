from mmfusion.media.captions.suffixes import CAPTION_SUFFIXES
from mmfusion.media.subtitles import TIMED


def test_all_that_can_be_read():
    assert sorted([*TIMED, ".txt"]) == sorted(CAPTION_SUFFIXES)
