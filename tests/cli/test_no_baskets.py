"""Commands for who has no baskets at hand: a sheet to fill in, a space report, totals, and actuals in the answer."""

import json
from pathlib import Path

import pytest

REPORT = "Category,Gondola,Linear cm\nsoft drinks,G1,400\nmilk,chilled wall,300\n"
MAP = "product: category\nfixture: gondola\ncm: linear cm\n"
TOTALS = "category,sales,price\n" + "".join(
    f"{name},{sales},{price}\n"
    for name, sales, price in (
        ("dairy", 5200, 2), ("bread", 1900, 1.5), ("produce", 4100, 1.2), ("soft drinks", 2500, 2), ("meat", 5000, 5.5)
    )
)  # fmt: skip


def test_an_empty_planogram_is_written_once(storesim, root: Path) -> None:
    said = storesim("new-planogram", root / "layouts" / "small_shop.yaml")
    assert (said.code, said.out) == (0, "planogram_small_shop.csv: 14 faces, 110 m of shelf to fill in\n")
    again = storesim("new-planogram", root / "layouts" / "small_shop.yaml")
    assert (again.code, again.out) == (2, "")
    assert "is there already" in again.err
    assert storesim("new-planogram", root / "layouts" / "small_shop.yaml", "--out", "p.xlsx").code == 0
    assert storesim("check", "p.xlsx").err == "p.xlsx:1:1: there are no rows; write one for each product and place\n"


def test_a_space_report_becomes_a_planogram(storesim, root: Path, tmp_path: Path) -> None:
    (tmp_path / "space.csv").write_text(REPORT)
    (tmp_path / "map.yaml").write_text(MAP)
    words = ("import", "space.csv", "--map", "map.yaml", "--layout", root / "layouts" / "small_shop.yaml")
    said = storesim(*words, "--out", "p.csv")
    assert said.code == 0
    assert said.out.startswith("p.csv: 7.0 m of shelf from 2 rows, as 3 rows\n1 rows name no face")
    assert (storesim("check", "p.csv").code, storesim("check", "p.csv").out) == (0, "p.csv: ok\n")


def test_a_report_with_mistakes_writes_nothing(storesim, root: Path, tmp_path: Path) -> None:
    (tmp_path / "space.csv").write_text(REPORT.replace("G1", "Gx").replace("300", "30000"))
    (tmp_path / "map.yaml").write_text(MAP)
    words = ("import", "space.csv", "--map", "map.yaml", "--layout", root / "layouts" / "small_shop.yaml")
    said = storesim(*words, "--out", "p.csv")
    assert (said.code, said.out, (tmp_path / "p.csv").exists()) == (2, "", False)
    assert [line[:14] for line in said.err.splitlines()] == ["space.csv:2:2:", "space.csv:3:3:"]


def test_totals_become_a_store(storesim, tmp_path: Path) -> None:
    (tmp_path / "totals.csv").write_text(TOTALS)
    said = storesim("calibrate", "--totals", "totals.csv", "--visits", 3000, "--out", "mine")
    assert said.code == 0, said.err
    assert said.out.startswith("5 categories, 18,700 a week in 3,000 visits: 6.23 and ")
    assert storesim("check", "mine/products.csv", "mine/segments.yaml").code == 0


def test_totals_of_a_store_become_a_scenario_that_sells_them(storesim, root: Path, tmp_path: Path) -> None:
    """The fewest categories with a home; the small shop has shelves for all of them."""
    rows = [
        ("soft drinks", 5500, 1.79),
        ("milk", 2650, 2.19),
        ("bread", 1600, 1.99),
        ("cheese", 1800, 3.49),
        ("bag snacks", 1900, 2.49),
        ("frozen pizza", 1600, 4.29),
        ("eggs", 700, 1.49),
        ("apples", 400, 2.0),
    ]
    (tmp_path / "totals.csv").write_text("category,sales,price\n" + "".join(f"{a},{b},{c}\n" for a, b, c in rows))
    store = ("--layout", root / "layouts/small_shop.yaml", "--planogram", root / "data/small/planogram_small_shop.csv")
    words = ("calibrate", "--totals", "totals.csv", "--visits", 2100, "--out", "mine", *store, "--currency", "eur")
    said = storesim(*words, "--hours", "09:00-20:00")
    assert said.code == 0, said.err
    assert "Weekly sales, observed against simulated" in said.out
    text = (tmp_path / "mine" / "scenario.yaml").read_text(encoding="utf-8")
    assert "currency: EUR\nhours: 09:00-20:00\n" in text
    assert "visits_per_day: 300\n" in text
    found = json.loads((tmp_path / "mine" / "calibration.json").read_text(encoding="utf-8"))["store"]
    assert found["weekly_sales_off"] < 0.08, "ten weeks of 2,100 visits: sampling alone leaves about 0.02"
    assert "Weekly sales" in (tmp_path / "mine" / "report.md").read_text(encoding="utf-8")
    assert {path.name for path in tmp_path.iterdir()} == {"mine", "totals.csv"}
    ran = storesim("run", "mine/scenario.yaml", "--replications", 2, "--workers", 1)
    assert ran.code == 0, ran.err


def test_options_of_no_use_with_totals_are_told_all_at_once(storesim, tmp_path: Path) -> None:
    (tmp_path / "totals.csv").write_text(TOTALS)
    words = ["--columns", "c.yaml", "--promotions", "p.csv", "--customers", "c.csv", "--names", "n.csv"]
    words += ["--holdout", "2026-01-01..", "--timezone", "UTC", "--drop-department", "fuel", "--min-cell", 50]
    words += ["--visits-per-day", 3, "--seed", 2, "--paths", "t.csv"]
    said = storesim("calibrate", "--totals", "totals.csv", *words, "--out", "mine")
    assert (said.code, said.out, (tmp_path / "mine").exists()) == (2, "", False)
    lines = said.err.splitlines()
    assert all(line.startswith("storesim: --") for line in lines)
    given = {word for word in words if str(word).startswith("--")} | {"--totals"}
    assert {line.split()[1] for line in lines} == given, "a sentence each, and one for --visits, which is missing"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--totals", "totals.csv"], "--totals needs --visits"),
        (["pos.csv", "--visits", "3000"], "--visits goes with --totals"),
        ([], "name points of sale, or weekly totals with --totals"),
        (["pos.csv", "--totals", "totals.csv"], "name points of sale, or weekly totals with --totals"),
        (["--totals", "none.csv", "--visits", "3000"], "none.csv:1:1: the file does not exist"),
        (["--totals", "totals.csv", "--visits", "0"], "totals.csv:1:1: --visits is 0"),
    ],
)
def test_totals_that_cannot_be_used(storesim, tmp_path: Path, words: list[str], told: str) -> None:
    (tmp_path / "totals.csv").write_text(TOTALS)
    said = storesim("calibrate", *words, "--out", "mine")
    assert (said.code, said.out, (tmp_path / "mine").exists()) == (2, "", False)
    assert told in said.err


def test_actuals_come_first_in_the_answer_and_into_the_run(storesim, root: Path, tmp_path: Path) -> None:
    text = (root / "scenarios" / "corner_shop.yaml").read_text().replace("../", f"{root}/")
    (tmp_path / "mine.yaml").write_text(text.replace("replications: 20", "replications: 3\nactuals: actuals.csv"))
    (tmp_path / "actuals.csv").write_text("measure,name,value\nsales,,2000\nzone visits,chilled,200\n")
    said = storesim("run", "mine.yaml", "--out", "run", "--workers", 1)
    assert said.code == 0, said.err
    assert "Against your store, baseline − actual: sales " in said.out
    assert said.out.index("Against your store") < said.out.index("sales, USD")
    assert "calibrated to your store" not in said.out
    assert (tmp_path / "run" / "actuals.csv").read_text().count("\n") == 3


def test_without_actuals_the_answer_says_so_in_a_line(small_run: tuple[Path, str]) -> None:
    folder, answer = small_run
    assert answer.count("Not calibrated to your store") == 1
    assert not (folder / "actuals.csv").exists()
