from mmfusion.media.captions.cue import Cue


def test_its_text_is_that_of_all_pieces():
    assert Cue("line 1", 0.0, 1.0, ()).text == ""
    assert Cue("line 1", 0.0, 1.0, ((None, "a\n"), (0.5, "b"))).text == "a\nb"
