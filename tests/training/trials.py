"""Quick trials for child processes, and a search that a test can kill."""

import json
import os
import sys
import time
from pathlib import Path

SPACE = {"x": {"low": -1.0, "high": 1.0}, "kind": ["a", "b"]}


def score(values, place):
    """Best at x = 0.5; says who it is."""
    Path(place, "pid").write_text(str(os.getpid()))
    return (values["x"] - 0.5) ** 2


def slow(values, place):
    with open(Path(place).parents[1] / "started", "a") as file:
        file.write(f"{os.getpid()}\n")
    time.sleep(0.5)
    return score(values, place)


def sometimes(values, place):
    """Fails in one kind, and is not a number in some of the others."""
    if values["kind"] == "a":
        raise MemoryError("too big")
    return score(values, place)


def main():
    from mmfusion.training.search_space import search_space
    from mmfusion.training.tuning import oracle, tune

    chosen = oracle("random", search_space(SPACE), trials=6, epochs=1, seed=3)
    rows = tune(chosen, sys.argv[1], slow, parallel=int(sys.argv[2]))
    sys.stdout.write(json.dumps(rows))


if __name__ == "__main__":
    from tests.training import trials

    trials.main()  # by its own name, which children can import
