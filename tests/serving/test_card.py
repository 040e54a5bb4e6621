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


def test_further_fields_are_left_alone(copied):
    training = {"rows": {"train": 3}, "corpus": {"label": "x"}}
    set_card(metrics={"accuracy": 1.0}, training=training)(copied)
    card = read_card(copied)
    assert (card["metrics"], card["training"]) == ({"accuracy": 1.0}, training)


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


def digests(without=None, **added):
    def spoil(version):
        kept = json.loads((version / "card.json").read_text())["sha256"]
        kept.pop(without, None)
        set_card(sha256={**kept, **added})(version)

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
    "card without digests": (set_card(sha256={}), r"`sha256` must name saved_model.pb.*: \[\]"),
    "graph without a digest": (digests(without="saved_model.pb"), "must name saved_model.pb"),
    "variables without a digest": (
        digests(without="variables/variables.index"),
        r"variables.index: not of this export, as card.json has no `sha256`",
    ),
    "a digest outside": (digests(**{"../secret": 64 * "0"}), "and files beside it.*secret"),
    "a digest that is none": (digests(x="abc"), r"'sha256.x': .*Received: 'abc'"),
    "a graph of another name": (
        lambda v: (v / "saved_model.cpb").write_bytes(b""),
        r"saved_model.cpb: not of this export",
    ),
    "a name too many": (set_card(classes=["a", "b", "c", "d"]), "4 classes, outputs .*3"),
    "a name too few": (set_card(classes=["a", "b"]), "card.json: `classes` must be as many"),
    "no names": (set_card(classes=[]), "0 classes"),
    "a name twice": (set_card(classes=["a", "b", "b"]), "`classes` must be different"),
    "a name of a wrong type": (set_card(classes=["a", "b", 3]), r"\['classes.2'\].*Received: 3"),
    "no outputs": (set_card(outputs={}), "3 classes, outputs None"),
    "a modality that is not read": (set_card(modalities=["smell"]), r"no \['smell', 'smell_mask'"),
    "a foreign spec": (set_card(spec={"steps": 0}), "'spec': `steps` must be at least 1"),
    "a spec of other fields": (set_card(spec={"stops": 1}), "'spec.stops': Unexpected"),
    "a cleaning that nobody does": (
        set_card(spec={"cleaning": ["video.gamma"]}, cleaning=None),
        r"`cleaning` must say who does.*export the run again.*video.gamma",
    ),
    "an input of no dtype": (
        set_card(inputs={"a": {"dtype": "str\nange", "shape": [None]}}),
        r"'inputs.a.dtype': .*Received: 'str\\nange'",
    ),
    "a training that is none": (
        set_card(training={"corpus": 3}),
        r"`training.corpus` must be an object.*: 3",
    ),
}


@pytest.mark.parametrize("how", SPOILT)
def test_a_torn_export_is_told_in_one_line(copied, how):
    spoil, message = SPOILT[how]
    spoil(copied)
    with pytest.raises(ValueError, match=message) as caught:
        read_card(copied)
    assert str(copied) in str(caught.value)
    assert "\n" not in str(caught.value)
