"""Plays days as a worker does, for `scale.py`: words are how many, and the file of what was prepared; prints JSON."""

import json
import pickle
import re
import sys
import time
from pathlib import Path

from storesim.experiment.replication import prepare, replicate

FIRST = 10_000


def main(days: int, file: Path) -> None:
    with file.open("rb") as stream:
        scenario, shared = pickle.load(stream)  # noqa: S301 - our own file
    ready = prepare(scenario, shared.floors, shared.kinds)
    replicate(ready, FIRST, None)  # workers play many days, on memory that the first one took from the system
    before = time.process_time()
    for replication in range(days):
        replicate(ready, replication, None)
    cpu_s, most_mb = time.process_time() - before, peak_mb()
    customers = facts = 0
    for replication in range(days):  # counted afterwards: the log must not add to the peak
        population = ready.population(replication)
        customers += len(population)
        facts += len(ready.play(0, population, replication).log)
    print(json.dumps({"customers": customers, "facts": facts, "cpu_s": cpu_s, "peak_mb": most_mb}))


def peak_mb() -> float:
    """Return the most memory of this process, not of the larger one that began it, as getrusage does."""
    (most_kb,) = re.findall(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(most_kb) / 1024


main(int(sys.argv[1]), Path(sys.argv[2]))
