import psutil
import pytest

from mmfusion.data import memory


@pytest.fixture
def group(tmp_path, monkeypatch):
    """The folder of a container's limits; none at first."""
    monkeypatch.setattr(memory, "GROUP", tmp_path)
    (tmp_path / "memory").mkdir()
    return tmp_path


def test_what_the_machine_has_left(group, monkeypatch):
    assert 0 < memory.free_memory_bytes() < psutil.virtual_memory().total
    (group / "meminfo").write_text("MemTotal:  9 kB\nMemAvailable:    2048 kB\nCached: 7 kB\n")
    monkeypatch.setattr(memory, "MACHINE", group / "meminfo")
    assert memory.free_memory_bytes() == 2 << 20
    monkeypatch.setattr(memory, "MACHINE", group / "none")
    assert 0 < memory.free_memory_bytes() < psutil.virtual_memory().total


@pytest.mark.parametrize(
    ("names", "most", "taken", "left"),
    [
        (memory.LIMITS[0], "5000", "2000", 3000),
        (memory.LIMITS[1], "5000", "2000", 3000),
        (memory.LIMITS[0], "2000", "5000", 0),
    ],
)
def test_what_a_container_leaves(group, names, most, taken, left):
    for name, value in zip(names, (most, taken), strict=True):
        (group / name).write_text(f"{value}\n")
    assert memory.free_memory_bytes() == left


def test_a_container_without_a_limit(group):
    (group / "memory.max").write_text("max\n")
    (group / "memory.current").write_text("2000\n")
    assert memory.free_memory_bytes() > 2000
