import numpy as np
import pytest

from mmfusion.experiments import transcribed as module
from mmfusion.experiments.transcribed import transcribed
from mmfusion.media.write import write_audio
from mmfusion.specs import Clip
from tests.transcription.fakes import one_segment


def test_captions_stand_in_the_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "transcribe_file", one_segment)
    monkeypatch.setattr(module, "weights_path", lambda name: tmp_path)
    write_audio(tmp_path / "a.wav", np.zeros(32_000), 16_000)
    (clip,) = transcribed([Clip("a", audio=tmp_path / "a.wav")], cache=str(tmp_path), workers=1)
    assert clip.transcribed
    assert clip.transcript.parent == tmp_path / "captions"


def test_no_weights(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="mmfusion weights get moonshine"):
        transcribed([Clip("a", text="mine")])
