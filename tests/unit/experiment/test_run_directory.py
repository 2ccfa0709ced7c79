"""The run directory: what it says, that it can be played again, and that it does not depend on how it was written."""

import csv
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from storesim.engine.log import Kind
from storesim.experiment.digest import key
from storesim.experiment.replication import Ready
from storesim.experiment.result import Result
from storesim.experiment.run_directory import RunWriter, UnfitRunError
from storesim.experiment.study import load
from storesim.inputs.case import Scenario
from storesim.inputs.load import load_scenario
from storesim.report.run_directory import RunDirectory
from storesim.report.workbook import write_workbook
from storesim.results.responses import RESPONSES

TABLES = (
    "categories", "checkouts", "fixtures", "flow", "money", "products", "promotions", "responses", "summary", "zones",
)  # fmt: skip
BY_COMMANDS = ("report.html", "summary.xlsx")
"""What the command writes beside what the Python face does."""


def manifest(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return found


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def events(path: Path) -> list[tuple[Any, ...]]:
    """Return the rows of a Parquet file, in order."""
    with duckdb.connect(":memory:", config={"threads": 1, "autoinstall_known_extensions": False}) as connection:
        found: list[tuple[Any, ...]] = connection.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
    return found


@pytest.fixture(scope="session")
def folder(small_result: Result) -> Path:
    assert small_result.directory is not None
    return small_result.directory


# What is in it


def test_it_holds_the_files_of_the_design_and_no_others(folder: Path) -> None:
    days = [f"replication={replication:04d}.parquet" for replication in range(3)]
    variants = ("empty table", "snacks at the door", "drinks and snacks change sides")
    inputs = [
        "data/small/planogram_small_shop.csv",
        "data/small/products.csv",
        "data/small/segments.yaml",
        "layouts/small_shop.yaml",
        "scenarios/small_shop.yaml",
    ]
    expected = ["manifest.json", *(f"{table}.csv" for table in TABLES), *(f"inputs/{name}" for name in inputs)]
    expected += [".lock", *(f"finished/{manifest(folder)['key']}/{replication:04d}.npz" for replication in range(3))]
    expected += [f"customers/{day}" for day in days]
    expected += [f"events/variant={variant}/{day}" for variant in variants for day in days]
    assert files(folder) == sorted(expected)


def test_the_manifest_says_what_was_played_by_what(folder: Path) -> None:
    says = manifest(folder)
    assert says["status"] == "done"
    assert says["question"] == "What belongs on the table at the door?"
    assert says["variants"] == ["empty table", "snacks at the door", "drinks and snacks change sides"]
    assert (says["replications"], says["seed"]) == (3, 1)
    assert says["scenario"] == "scenarios/small_shop.yaml"
    assert {"python", "storesim", "numpy", "scipy", "simpy", "shapely", "duckdb"} <= set(says["versions"])


def test_every_input_is_there_byte_by_byte_under_its_checksum(folder: Path, small_file: Path) -> None:
    says = manifest(folder)["inputs"]
    assert len(says) == 5
    for name, checksum in says.items():
        copy = (folder / "inputs" / name).read_bytes()
        assert copy == (small_file.parents[1] / name).read_bytes()
        assert checksum == hashlib.sha256(copy).hexdigest()


def test_the_copies_of_the_inputs_load_to_the_same_scenario(folder: Path, small_result: Result) -> None:
    says = manifest(folder)
    copied = load_scenario(folder / "inputs" / says["scenario"], replications=says["replications"], seed=says["seed"])
    assert replace(copied, sources=()) == replace(small_result.scenario, sources=())


def test_the_copies_play_to_the_same_tables(folder: Path, tmp_path: Path) -> None:
    says = manifest(folder)
    again = load(folder / "inputs" / says["scenario"], replications=says["replications"], seed=says["seed"])
    again.run(out=tmp_path / "again")
    for table in TABLES:
        assert (tmp_path / "again" / f"{table}.csv").read_bytes() == (folder / f"{table}.csv").read_bytes(), table


def test_events_read_back_are_the_facts_that_were_played(folder: Path, small_ready: Ready) -> None:
    population = small_ready.population(2)
    for variant, shop in enumerate(small_ready.shops):
        log, places, plan = small_ready.play(variant, population, 2).log, shop.floor.places, shop.floor.plan
        zone = [plan.zones[z].id if z >= 0 else None for z in places.zone.tolist()]
        product = [*(p.id for p in small_ready.scenario.products), None]  # -1, none: the last
        lanes = [lane if lane >= 0 else None for lane in log.lane.tolist()]
        kinds = [Kind(kind).name.lower() for kind in log.kind.tolist()]
        expected = zip(
            log.t_s.tolist(),
            log.customer.tolist(),
            kinds,
            [zone[place] for place in log.place.tolist()],
            [places.names[place] for place in log.place.tolist()],
            lanes,
            [product[p] for p in log.product.tolist()],
            log.units.tolist(),
            log.amount.tolist(),
            log.planned.tolist(),
            strict=True,
        )
        path = folder / "events" / f"variant={shop.case.name}" / "replication=0002.parquet"
        assert [row[:10] for row in events(path)] == list(expected)


def test_responses_csv_holds_the_responses(folder: Path, small_result: Result) -> None:
    values = {
        (row["variant"], int(row["replication"]), row["response"]): float(row["value"])
        for row in rows(folder / "responses.csv")
    }
    assert len(values) == 3 * 3 * len(RESPONSES)
    for case, replications in zip(small_result.scenario.cases, small_result.played.responses.tolist(), strict=True):
        for replication, responses in enumerate(replications):
            for response, value in zip(RESPONSES, responses, strict=True):
                found = values[case.name, replication, response.name]
                assert found == pytest.approx(value, rel=1e-9), response.name


def test_a_promotion_taken_apart_begins_with_its_product_as_in_the_product_table(folder: Path) -> None:
    own, *_, total = rows(folder / "promotions.csv")
    assert (own["variant"], own["promotion"], own["scope"]) == ("snacks at the door", "bag snacks", "own")
    products = [row for row in rows(folder / "products.csv") if row["variant"] == own["variant"]]
    snacks = next(row for row in products if row["product"] == "bag snacks")
    for column in ("sales", "units", "margin"):
        for part in ("difference", "low", "high"):
            assert own[f"{column}_{part}"] == snacks[f"{column}_{part}"], (column, part)
        whole = sum(float(row[f"{column}_difference"]) for row in products)
        assert float(total[f"{column}_difference"]) == pytest.approx(whole)


def test_flow_csv_is_the_mean_day(folder: Path, small_result: Result) -> None:
    for variant, case in enumerate(small_result.scenario.cases):
        visits = sum(float(row["visits"]) for row in rows(folder / "flow.csv") if row["variant"] == case.name)
        assert visits == pytest.approx(small_result.played.flows[variant][:, 2].sum())


# Making it


@contextmanager
def begun(path: Path, file: Path, scenario: Scenario | None = None, resume: bool = False) -> Iterator[RunWriter]:
    scenario = scenario or load_scenario(file)
    with RunWriter.begin(path, scenario, file, (), key(scenario), resume) as writer:
        yield writer


@pytest.mark.parametrize(("resume", "error"), [(False, FileExistsError), (True, UnfitRunError)])
def test_a_folder_that_is_there_already_is_refused_and_left_alone(
    small_file: Path, tmp_path: Path, resume: bool, error: type[Exception]
) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    with pytest.raises(error), begun(tmp_path, small_file, resume=resume):
        pass
    assert [name for name in files(tmp_path) if name != ".lock"] == ["mine.txt"]


def test_a_new_folder_says_that_it_is_running(small_file: Path, tmp_path: Path) -> None:
    with begun(tmp_path / "deep" / "run", small_file) as writer:
        writer.start()
        assert manifest(writer.path)["status"] == "running"
        writer.stop("interrupted")
        assert manifest(writer.path)["status"] == "interrupted"
        assert [name for name in files(writer.path) if not name.startswith("inputs/")] == [".lock", "manifest.json"]


def test_files_of_one_folder_are_copied_without_folders(small_file: Path, tmp_path: Path) -> None:
    """Only what the inputs have in common is left away of their paths."""
    scenario = load_scenario(small_file)
    alone = replace(scenario, sources=scenario.sources[:1])
    with begun(tmp_path / "run", small_file, alone) as writer:
        writer.start()
        assert files(writer.path / "inputs") == ["small_shop.yaml"]
        assert writer.manifest["scenario"] == "small_shop.yaml"


# However it is made


def run(scenario: Path, out: Path, workers: int, hash_seed: str) -> None:
    words = ["run", str(scenario), "--out", str(out), "--replications", "3", "--workers", str(workers)]
    done = subprocess.run(
        [sys.executable, "-m", "storesim", *words],
        env={**os.environ, "PYTHONHASHSEED": hash_seed}, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(("workers", "hash_seed"), [(1, "0"), (2, "1")])
def test_workers_and_hash_seeds_change_no_byte_and_no_fact(
    folder: Path, small_file: Path, tmp_path: Path, workers: int, hash_seed: str
) -> None:
    """Held against the run of this very process, which has a hash seed of its own."""
    run(small_file, tmp_path / "run", workers, hash_seed)
    assert [name for name in files(tmp_path / "run") if name not in BY_COMMANDS] == files(folder)
    for name in files(folder):
        if name.endswith(".csv"):
            assert (tmp_path / "run" / name).read_bytes() == (folder / name).read_bytes(), name
        if name.endswith(".parquet"):
            assert events(tmp_path / "run" / name) == events(folder / name), name
    shutil.copytree(folder, tmp_path / "same")
    workbook = write_workbook(RunDirectory.open(tmp_path / "same"))
    assert (tmp_path / "run" / workbook.name).read_bytes() == workbook.read_bytes()


# Stopping it


def wait_for(there: Callable[[], bool], process: "subprocess.Popen[str]", longest_s: float = 60) -> None:
    until = time.monotonic() + longest_s
    while not there():
        assert process.poll() is None, "ended before it could be stopped"
        assert time.monotonic() < until
        time.sleep(0.01)


STORESIM_AT_A_TERMINAL = """\
import signal, sys
from storesim.cli import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # a test run in the background would hand down a deaf ear
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize(("after_days", "and_s"), [(0, 0.2), (0, 0.5), (3, 0.0)])
def test_ctrl_c_with_two_workers_leaves_whole_files_and_no_others(
    small_file: Path, tmp_path: Path, after_days: int, and_s: float
) -> None:
    """A terminal sends SIGINT to parent and workers, here while they start, and while they play."""
    out = tmp_path / "run"
    words = ["run", str(small_file), "--out", str(out), "--replications", "3000", "--workers", "2"]
    process = subprocess.Popen(
        [sys.executable, "-c", STORESIM_AT_A_TERMINAL, *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    wait_for(lambda: (out / "manifest.json").exists(), process)
    if after_days:
        wait_for(lambda: len(list(out.glob("customers/replication=*.parquet"))) >= after_days, process)
    time.sleep(and_s)
    os.killpg(process.pid, signal.SIGINT)
    began_s = time.monotonic()
    _, err = process.communicate(timeout=60)
    assert time.monotonic() - began_s < 15, "it ends with the days being played, not with those waiting"
    assert process.returncode == 130
    assert err.startswith("interrupted; ")
    assert len(err.splitlines()) == 1
    assert manifest(out)["status"] == "interrupted"
    assert (out / "summary.csv").exists() == (manifest(out)["finished"] > 0)
    left = [
        name
        for name in files(out)
        if not name.startswith(("inputs/", "finished/")) and not name.endswith((".json", ".csv", ".lock"))
    ]
    assert [name for name in left if not name.endswith(".parquet") or ".tmp" in name] == []
    assert len(left) >= 4 * after_days
    for name in left[:20]:
        assert events(out / name), f"{name} can be read"


# Memory

ONE_DAY_OF_THE_MARKET = """\
import dataclasses, re, sys
from pathlib import Path
from storesim.experiment.replication import prepare, replicate
from storesim.inputs.load import load_scenario
scenario = load_scenario(Path(sys.argv[1]))
scenario = dataclasses.replace(scenario, cases=scenario.cases[:1])
replicate(prepare(scenario), 0, Path(sys.argv[2]))
# Not getrusage: its maximum counts the memory of the process that this one was forked from.
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1]) // 1024)
"""


def test_a_day_of_the_market_needs_less_than_300_mb(small_file: Path, tmp_path: Path) -> None:
    """From reading the files to the event log on disk: 2,100 customers, 234 products, 1,400 m²."""
    market = small_file.with_name("market.yaml")
    done = subprocess.run(
        [sys.executable, "-c", ONE_DAY_OF_THE_MARKET, str(market), str(tmp_path)],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    peak_mb = int(done.stdout)
    assert 60 < peak_mb < 300
    assert len(files(tmp_path)) == 2, "one day's events and its customers"
