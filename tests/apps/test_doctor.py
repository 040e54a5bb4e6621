import json
import shutil
import sys
import types

import pytest

from mmfusion.apps import doctor


@pytest.fixture
def found(monkeypatch):
    """What the doctor says of a machine that is changed as asked."""

    def run(**change):
        for name, value in change.items():
            monkeypatch.setattr(doctor, name, value)
        return doctor.run()

    return run


def test_this_machine_is_fit(command):
    done = command("doctor", "--json")
    told = json.loads(done.out)
    assert told["environment"]["keras"].startswith("3.")
    assert all(told["codecs"].values())
    assert "/physical_device:CPU:0" in told["devices"]["tensorflow"]
    assert done.code == (1 if told["problems"] else 0)


def test_a_codec_and_a_package_are_missing(found):
    told = found(CODECS={"libx264": "w", "nonsense": "r"}, OPTIONAL={"no_such": "pip install x"})
    assert told["codecs"] == {"libx264": True, "nonsense": False}
    package, codec = told["problems"][:2]
    assert package.startswith("no_such does not load")
    assert package.endswith("pip install x")
    assert codec.startswith("PyAV lacks the codec nonsense: pip install")
    assert codec in doctor.table(told)


def test_an_old_python_and_a_full_disk(found, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: types.SimpleNamespace(free=1))
    problems = found(OPTIONAL={})["problems"]
    assert [problem.split()[0] for problem in problems] == ["Python", "Less"]


@pytest.mark.parametrize("there", [[], ["yamnet", "selfie"]])
def test_nothing_is_wrong(there):
    found = {"environment": {"python": "3.11"}, "codecs": {}, "devices": {"tensorflow": ["CPU:0"]}}
    text = doctor.table({**found, "weights": there, "problems": []})
    assert text.endswith("All is well.")
    assert ("yamnet, selfie" if there else "none; see mmfusion weights list") in text


def test_weights_in_the_cache(found, monkeypatch):
    monkeypatch.setattr(doctor, "is_present", lambda name: name == "yamnet")
    assert found()["weights"] == ["yamnet"]
