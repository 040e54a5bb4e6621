"""How much memory is left."""

import contextlib
import os
import re
from pathlib import Path

MACHINE = Path("/proc/meminfo")
AVAILABLE = re.compile(r"^MemAvailable:\s+(\d+) kB$", re.MULTILINE)
GROUP = Path("/sys/fs/cgroup")  # limits of a container, in its first and its second version
LIMITS = (
    ("memory.max", "memory.current"),
    ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
)


def free_memory_bytes() -> int:
    """Memory that may still be taken: what the machine has left, or the container's limit leaves.

    Returns:
        int.
    """
    found = [os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    with contextlib.suppress(OSError):
        if match := AVAILABLE.search(MACHINE.read_text(encoding="utf-8")):
            found = [1024 * int(match[1])]
    for most, taken in LIMITS:
        with contextlib.suppress(OSError, ValueError):  # no such file, or "max"
            found.append(int((GROUP / most).read_text()) - int((GROUP / taken).read_text()))
    return max(0, min(found))
