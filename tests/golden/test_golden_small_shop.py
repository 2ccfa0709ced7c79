"""The small shop's answer and facts as they were when last looked at: a change here is a change of results.

Renew after a wanted change, look at the difference, and note it in CHANGELOG.md under *Results change*:

    python tests/golden/test_golden_small_shop.py
"""

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from storesim.engine.log import EventLog, Kind
from storesim.experiment.replication import prepare
from storesim.experiment.study import load

EXPECTED = Path(__file__).parent / "expected"
SCENARIO = Path(__file__).parents[2] / "scenarios" / "small_shop.yaml"
REPLICATIONS = 3
PLAIN_KINDS = [kind for kind in Kind if kind <= Kind.LEAVE]
"""Kinds of facts in a store of whose tills, stock and staff nothing is said."""
DIGESTS = ("variant", "replication", *(kind.name.lower() for kind in PLAIN_KINDS), "sha256")


def write(folder: Path) -> None:
    """Write summary.csv and events.csv of a run into a folder."""
    study = load(SCENARIO, replications=REPLICATIONS)
    study.run(out=folder / "run")
    (folder / "summary.csv").write_bytes((folder / "run" / "summary.csv").read_bytes())
    ready = prepare(study.scenario)
    with (folder / "events.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(DIGESTS)
        for replication in range(REPLICATIONS):
            population = ready.population(replication)
            for variant, case in enumerate(study.scenario.cases):
                log = ready.play(variant, population, replication).log
                writer.writerow(
                    [case.name, replication, *np.bincount(log.kind, minlength=len(PLAIN_KINDS)), digest(log)]
                )


def digest(log: EventLog) -> str:
    """Return a checksum of all facts, times to the millisecond and amounts to a hundredth of a cent."""
    columns = vars(log) | {"t_s": np.round(log.t_s * 1e3), "amount": np.round(log.amount * 1e4)}
    return hashlib.sha256(np.column_stack(list(columns.values())).astype("<i8").tobytes()).hexdigest()


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("golden")
    write(folder)
    return folder


def cells(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (row, column, cell) of a CSV whose rows are named by their first two columns."""
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = ", ".join(list(row.values())[:2])
            yield from ((name, column, cell) for column, cell in row.items())


def number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def test_the_summary_is_as_it_was(played: Path) -> None:
    """Words to the letter, numbers to six digits: the last digits may hang on the machine's arithmetic."""
    was, now = list(cells(EXPECTED / "summary.csv")), list(cells(played / "summary.csv"))
    assert [cell[:2] for cell in now] == [cell[:2] for cell in was]
    for (row, column, before), (_, _, after) in zip(was, now, strict=True):
        if number(before) is None:
            assert after == before, f"{row}: {column}"
        else:
            assert number(after) == pytest.approx(number(before), rel=1e-6, abs=1e-9), f"{row}: {column}"


def test_the_facts_are_as_they_were(played: Path) -> None:
    """How many of each kind, and a checksum of all."""
    assert (played / "events.csv").read_text() == (EXPECTED / "events.csv").read_text()


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        write(Path(folder))
        for name in ("summary.csv", "events.csv"):
            (EXPECTED / name).write_bytes((Path(folder) / name).read_bytes())
