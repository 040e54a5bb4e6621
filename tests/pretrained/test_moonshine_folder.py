import pytest

from mmfusion.pretrained.moonshine import FILES
from mmfusion.pretrained.moonshine_folder import moonshine_folder


def test_the_folder_in_the_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="mmfusion weights get moonshine"):
        moonshine_folder()
    folder = tmp_path / "mmfusion" / "weights" / "moonshine-0.0.49"
    folder.mkdir(parents=True)
    for name in FILES:
        (folder / name).write_bytes(b"")
    assert moonshine_folder() == folder
