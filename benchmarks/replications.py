"""Wall time of a run with its tables: 4 variants x 30 days of the example market, by one process and by two."""

import dataclasses
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from storesim.experiment.study import Study, load

SCENARIO = Path(__file__).resolve().parents[1] / "scenarios" / "market.yaml"
VARIANTS, REPLICATIONS = 4, 30
WALL_S, GAIN = 20.0, 1.8


def main() -> None:
    study = load(SCENARIO, replications=REPLICATIONS)
    study = Study(dataclasses.replace(study.scenario, cases=study.scenario.cases[:VARIANTS]), study.path)
    print(f"{VARIANTS} variants x {REPLICATIONS} replications of {SCENARIO.stem}")
    two_s, one_s = wall_s(study, 2), wall_s(study, 1)
    tell("by 2 processes", two_s, WALL_S, two_s < WALL_S, "s")
    print(f"by 1 process          {one_s:6.1f} s")
    tell("2 over 1", one_s / two_s, GAIN, one_s / two_s >= GAIN, "times")


def wall_s(study: Study, workers: int) -> float:
    """Return how long a run takes that writes all but the report, in seconds."""
    with TemporaryDirectory() as folder:
        began = time.perf_counter()
        study.run(Path(folder) / "run", workers)
        return time.perf_counter() - began


def tell(what: str, value: float, bar: float, is_met: bool, unit: str) -> None:
    """Print a measurement beside what was asked."""
    print(f"{what:20}{value:8.2f} {unit}, bar {bar:g}: {'met' if is_met else 'MISSED'}")


if __name__ == "__main__":
    main()
