"""`storesim calibrate` as a user meets it, on baskets that storesim itself has played."""

import csv
import json
from pathlib import Path

import duckdb
import pytest
from tests.cli.warm import Storesim


@pytest.fixture(scope="session")
def sales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Points of sale of the small shop over some weeks: what customers took, and when they paid."""
    from storesim.experiment.study import load

    study = load(Path(__file__).resolve().parents[2] / "scenarios" / "small_shop.yaml", replications=14)
    path = tmp_path_factory.mktemp("sales") / "sales.csv"
    _write_sales(study.scenario, path)
    return path


def _write_sales(scenario, path: Path) -> None:
    from datetime import datetime, time, timedelta

    from storesim.experiment.replication import prepare

    ready = prepare(scenario)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("basket_id", "timestamp", "category", "department", "quantity", "net_sales", "customer"))
        for replication in range(scenario.replications):
            population = ready.population(replication)
            baskets = ready.play(0, population, replication).baskets
            day = datetime.combine(scenario.first_day, time()) + timedelta(days=replication)
            for row in range(len(baskets.customer)):
                if baskets.paid[row]:
                    one, product = int(baskets.customer[row]), scenario.products[baskets.product[row]]
                    at = day + timedelta(seconds=int(population.arrives_s[one]) + int(scenario.opens_s))
                    amount = round(float(baskets.amount[row]), 2)
                    cells = (product.id, product.department, baskets.units[row], amount, f"c{one % 400}")
                    writer.writerow((f"{replication}-{one}", at, *cells))


@pytest.fixture(scope="session")
def calibrated(
    sales: Path, root_folder: Path, forked: Storesim, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """A calibrated small shop, and what was printed."""
    out = tmp_path_factory.mktemp("calibrated") / "shop"
    layout, planogram = root_folder / "layouts/small_shop.yaml", root_folder / "data/small/planogram_small_shop.csv"
    words = ["calibrate", sales, "--out", out, "--layout", layout, "--planogram", planogram, "--currency", "eur"]
    done = forked(*words, cwd=out.parent)
    assert done.code == 0, done.err
    return out, done.out


@pytest.fixture(scope="session")
def root_folder() -> Path:
    """The source tree."""
    return Path(__file__).resolve().parents[2]


def test_a_calibrated_folder_can_be_run(storesim, calibrated: tuple[Path, str]) -> None:
    folder, out = calibrated
    assert f"storesim run {folder / 'scenario.yaml'}" in out
    assert max(map(len, out.splitlines()[:-2])) <= 100
    said = storesim("run", folder / "scenario.yaml", "--replications", 2, "--workers", 1)
    assert said.code == 0, said.err


def test_the_files_say_where_numbers_come_from_and_nothing_of_single_customers(calibrated: tuple[Path, str]) -> None:
    folder, out = calibrated
    names = {path.name for path in folder.iterdir()}
    assert names == {
        "products.csv", "segments.yaml", "hours.csv", "weekdays.csv", "basket_categories.csv", "calibration.json",
        "report.md", "scenario.yaml", "planogram.csv", "conversion.csv", "figures",
    }  # fmt: skip
    known = json.loads((folder / "calibration.json").read_text(encoding="utf-8"))
    assert known["source"]["cleaning"] == {}
    assert len(known["store"]["penetration_off_by_round"]) == 3
    texts = [path.read_text(encoding="utf-8") for path in folder.iterdir() if path.is_file()]
    assert not any("c17" in text or "7-17" in text for text in (*texts, out))
    assert {path.stem for path in (folder / "figures").iterdir()} == {
        "hours", "basket_size", "penetration", "pairs", "spend"
    }  # fmt: skip


def test_the_store_sells_what_was_sold(calibrated: tuple[Path, str]) -> None:
    """Played by the model itself, so that only fitting and sampling can miss."""
    folder, _ = calibrated
    found = json.loads((folder / "calibration.json").read_text(encoding="utf-8"))["store"]["differences"]["fitted"]
    assert found["categories per basket, KS"] < 0.05
    assert found["product penetration, WAPE"] < 0.08
    assert found["mean spend, difference"] < 0.05


def test_all_mistakes_in_all_files_are_told_and_nothing_is_written(storesim, tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("product,nmae\nmilk,dairy\n", encoding="utf-8")
    (tmp_path / "planogram.csv").write_text("product\nmilk\n", encoding="utf-8")
    (tmp_path / "broken.csv").write_text("basket_id,when\n1,2\n", encoding="utf-8")
    said = storesim("calibrate", "broken.csv", "--out", "out", "--names", "names.csv", "--layout", "none.yaml",
                    "--planogram", "planogram.csv")  # fmt: skip
    assert (said.code, said.out) == (2, "")
    for name in ("names.csv:1", "planogram.csv:1", "none.yaml:1", "broken.csv:1"):
        assert any(line.startswith(name) for line in said.err.splitlines()), (name, said.err)
    assert {path.name for path in tmp_path.iterdir()} == {"names.csv", "planogram.csv", "broken.csv"}


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--out", "."], "is there already; name another folder with --out"),
        (["--out", "o", "--layout", "a.yaml"], "--layout is of no use without --planogram; give both"),
        (["--out", "o", "--holdout", "soon"], "--holdout: 'soon' is no span of days"),
        (["--out", "o", "--hours", "22:00-06:00"], "--hours: '22:00-06:00' are no whole hours of one day"),
        (["--out", "o", "--currency", "euros"], "--currency is 'euros'; write a code of 3 letters"),
        (["--out", "o", "--timezone", "Europe/Berlim"], "did you mean 'Europe/Berlin'?"),
        (["--out", "o", "--holdout", "2000-01-01..2000-02-01"], "--holdout holds nothing back; the data run from"),
        (["--out", "o", "--holdout", "2000-01-01.."], "--holdout holds everything back"),
    ],
)
def test_wrong_choices_are_wrong_input(storesim, sales: Path, tmp_path: Path, words: list[str], complaint: str) -> None:
    said = storesim("calibrate", sales, *words)
    assert said.code == 2
    assert complaint in said.err
    assert not list(tmp_path.iterdir())


def test_names_make_one_product_of_several_and_small_cells_are_merged(storesim, sales: Path, tmp_path: Path) -> None:
    products = [row[0] for row in duckdb.read_csv(str(sales)).unique("category").order("category").fetchall()]
    with (tmp_path / "names.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("product", "name"), (products[0], "Both"), (products[1], "both")])
    said = storesim("calibrate", sales, "--out", "out", "--names", "names.csv", "--min-cell", 20)
    assert said.code == 0, said.err
    with (tmp_path / "out" / "products.csv").open(encoding="utf-8") as lines:
        ids = [row["id"] for row in csv.DictReader(lines)]
    assert "both" in ids
    assert not {products[0].lower(), products[1].lower()} & set(ids)
    assert not (tmp_path / "out" / "scenario.yaml").exists()


FULL_DISK = """
import errno, sys
from storesim.calibrate import cells_csv
from storesim.cli import main

def fill_up(*_):
    raise OSError(errno.ENOSPC, "No space left on device")

cells_csv.parts = fill_up
sys.exit(main(sys.argv[1:]))
"""


def test_a_full_temporary_disk_is_one_sentence_and_nothing_is_written(tmp_path: Path) -> None:
    import os
    import subprocess
    import sys

    (tmp_path / "pos.csv").write_text(
        "basket_id,timestamp,product,quantity,net_sales\n1,2026-03-02 18:05:00,bread,1,1.99\n", encoding="utf-8"
    )
    (tmp_path / "temporary").mkdir()
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, "calibrate", "pos.csv", "--out", "out"], capture_output=True, text=True,
        encoding="utf-8", cwd=tmp_path, env={**os.environ, "TMPDIR": str(tmp_path / "temporary")}, timeout=60,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith(f"storesim: {tmp_path / 'temporary'} has no room left for the temporary database")
    assert {path.name for path in tmp_path.iterdir()} == {"pos.csv", "temporary"}
    assert not any((tmp_path / "temporary").iterdir())
