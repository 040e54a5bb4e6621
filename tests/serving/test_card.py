import json
import os
import shutil

import pytest

from mmfusion.serving.card import read_card


def test_a_whole_export_is_read(exported):
    assert read_card(exported / "1")["classes"] == ["fight", "normal", "other"]


def test_files_beside_the_export_do_not_matter(copied):
    (copied / "assets.extra").mkdir()
    (copied / "assets.extra" / "tf_serving_warmup_requests").write_text("")
    assert read_card(copied)["format"] == 1


def spoil_file(name, share):
    def spoil(version):
        os.truncate(version / name, int((version / name).stat().st_size * share))

    return spoil


def flip_bit(version):
    path = version / "variables" / "variables.data-00000-of-00001"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 4
    path.write_bytes(content)


def set_card(**fields):
    def spoil(version):
        card = json.loads((version / "card.json").read_text())
        (version / "card.json").write_text(json.dumps({**card, **fields}))

    return spoil


SPOILT = {
    "graph cut": (spoil_file("saved_model.pb", 0.5), r"saved_model.pb: torn or altered"),
    "graph empty": (spoil_file("saved_model.pb", 0), r"saved_model.pb: torn or altered"),
    "graph gone": (lambda v: (v / "saved_model.pb").unlink(), r"saved_model.pb: missing"),
    "variables cut": (
        spoil_file("variables/variables.data-00000-of-00001", 0.9),
        r"variables.data-00000-of-00001: torn or altered",
    ),
    "a bit flipped": (flip_bit, r"variables.data-00000-of-00001: torn or altered"),
    "variables gone": (lambda v: shutil.rmtree(v / "variables"), r"variables.*: missing"),
    "card gone": (lambda v: (v / "card.json").unlink(), "no card.json"),
    "card cut": (spoil_file("card.json", 0.5), "not JSON, or cut short"),
    "card a list": (
        lambda v: (v / "card.json").write_text("[]"),
        "format 1 expected. Received: list",
    ),
    "card of another format": (set_card(format=2), "format 1 expected. Received: 2"),
    "card without fields": (
        lambda v: (v / "card.json").write_text('{"format": 1, "classes": []}'),
        r"missing or of a wrong type: \['inputs', 'modalities', 'sha256', 'spec'\]",
    ),
    "card with a wrong type": (set_card(sha256=[]), r"wrong type: \['sha256'\]"),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_torn_export_is_told_in_one_line(copied, how):
    spoil, message = SPOILT[how]
    spoil(copied)
    with pytest.raises(ValueError, match=message) as caught:
        read_card(copied)
    assert str(copied) in str(caught.value)
    assert "\n" not in str(caught.value)
