"""A run until it is precise: its first stage says how many are played, whoever plays them and whatever ends it."""

import json
from math import ceil
from pathlib import Path

import pandas as pd
import pytest
from scipy import stats

from storesim.cli.answer import answer
from storesim.experiment.result import Result
from storesim.experiment.study import Study, load
from storesim.report.page.first import precision
from storesim.report.page.numbers import Numbers
from storesim.report.read_back import read_reached
from storesim.report.run_directory import RunDirectory, RunDirectoryError

ROOT = Path(__file__).parents[3]
FIRST, ASKED, AT_MOST = 5, 6.0, 60


def small_shop(folder: Path, asked: str = str(ASKED), at_most: int = AT_MOST) -> Study:
    """The small shop with a first stage of 5 days, until the sales of both variants are known to ± 6."""
    text = (ROOT / "scenarios" / "small_shop.yaml").read_text(encoding="utf-8").replace("../", f"{ROOT}/")
    wish = f"precision: {{response: sales, half_width: {asked}, at_most: {at_most}}}"
    path = folder / "scenario.yaml"
    path.write_text(text.replace("replications: 20", f"replications: {FIRST}\n{wish}"), encoding="utf-8")
    return load(path)


def tables(run: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(run.glob("*.csv"))}


@pytest.fixture(scope="module")
def precise(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """A run that nothing disturbed, on one process."""
    folder = tmp_path_factory.mktemp("precise")
    return small_shop(folder).run(folder / "run")


def by_hand(run: Path, asked: float) -> int:
    """N = (t S / d)² from the first days in responses.csv, for two variants together."""
    responses = pd.read_csv(run / "responses.csv")
    sales = responses[responses["response"] == "sales"].pivot(index="replication", columns="variant", values="value")
    base = sales.pop("empty table")
    spread = sales.sub(base, axis=0)[:FIRST].std(ddof=1).max()
    return ceil(float(stats.t.ppf(1 - 0.05 / 4, FIRST - 1) * spread / asked) ** 2)


def test_as_many_are_played_as_the_first_stage_asks_for(precise: Result) -> None:
    assert precise.directory
    expected = by_hand(precise.directory, ASKED)
    assert FIRST < expected < AT_MOST
    assert precise.played.responses.shape[1] == expected
    assert RunDirectory.open(precise.directory).finished == expected
    assert len(list((precise.directory / "events").rglob("*.parquet"))) == 3 * expected


def half_widths(table: Path, rows: str, low: str, high: str) -> dict[str, float]:
    """The half-width of each variant in some rows of a table."""
    found = pd.read_csv(table).query(rows).dropna(subset=low).set_index("variant")
    return {str(variant): float(width) / 2 for variant, width in (found[high] - found[low]).items()}


def test_the_half_widths_are_as_asked_wherever_they_stand(precise: Result) -> None:
    run = precise.directory
    assert run
    summary = half_widths(run / "summary.csv", "response == 'sales'", "diff_low", "diff_high")
    money = half_widths(run / "money.csv", "measure == 'sales' and period == 'day'", "low", "high")
    promoted = half_widths(run / "promotions.csv", "scope == 'total'", "sales_low", "sales_high")
    assert ASKED * 0.9 < max(summary.values()) <= ASKED
    assert money == pytest.approx(summary, rel=1e-6)
    assert promoted == pytest.approx({"snacks at the door": summary["snacks at the door"]}, rel=1e-6)


def test_the_first_screen_says_what_the_run_said(precise: Result) -> None:
    assert precise.directory
    assert precise.reached
    answered = " ".join(answer(precise).split())
    run, days = RunDirectory.open(precise.directory), precise.reached.replications
    back = read_reached(run)
    assert back
    assert (back.asked, back.replications, back.needed) == (ASKED, days, days)
    assert back.half_width == pytest.approx(precise.reached.half_width)
    said = precision(run, Numbers("de-DE", "USD"))
    assert said.startswith("Precision of sales: reached ± ")
    assert said.endswith(f" of ± 6,00 USD after {days} replications.")
    assert said.replace(",", ".") in answered
    assert f"{days} days per variant" in answered


@pytest.mark.parametrize("workers", [1, 2])
def test_neither_workers_nor_an_interruption_change_a_byte(workers: int, precise: Result, tmp_path: Path) -> None:
    """It is interrupted twice: in the first stage, and after it."""
    assert precise.directory

    def interrupt(done: int, total: int) -> None:
        del total
        if done in (3, FIRST + 2):
            raise KeyboardInterrupt

    study = small_shop(tmp_path)
    for finished in (3, FIRST + 2):
        with pytest.raises(KeyboardInterrupt):
            study.run(tmp_path / "run", workers=workers, progress=interrupt, resume=True)
        assert RunDirectory.open(tmp_path / "run").finished <= finished
    study.run(tmp_path / "run", workers=workers, resume=True)
    assert tables(tmp_path / "run") == tables(precise.directory)


def test_no_more_are_played_than_are_allowed(precise: Result, tmp_path: Path) -> None:
    assert precise.reached
    found = small_shop(tmp_path, at_most=FIRST + 2).run(tmp_path / "run")
    assert found.reached
    assert (found.reached.replications, found.reached.needed) == (FIRST + 2, precise.reached.needed)
    assert not found.reached.is_reached
    said = precision(RunDirectory.open(tmp_path / "run"), Numbers("en-US", "USD"))
    assert "at most 7 replications were allowed" in said
    assert f"; about {precise.reached.needed} would do." in said


def test_a_first_stage_that_is_precise_is_all(tmp_path: Path) -> None:
    found = small_shop(tmp_path, asked="50%").run()
    assert found.reached
    assert (found.reached.replications, found.reached.needed) == (FIRST, FIRST)
    base = found.played.responses[0, :FIRST, 3].mean()
    assert found.reached.asked == pytest.approx(base / 2)


def test_a_run_can_be_taken_up_with_a_finer_precision(precise: Result, tmp_path: Path) -> None:
    """A replication is the same whatever precision it is played for."""
    first = small_shop(tmp_path, asked="9").run(tmp_path / "run")
    assert first.played.responses.shape[1] < precise.played.responses.shape[1]
    small_shop(tmp_path).run(tmp_path / "run", resume=True)
    assert precise.directory
    assert tables(tmp_path / "run") == tables(precise.directory)


def test_responses_that_were_edited_are_refused(precise: Result, tmp_path: Path) -> None:
    assert precise.directory
    copy = tmp_path / "run"
    copy.mkdir()
    for name in ("manifest.json", "inputs"):
        (copy / name).symlink_to(precise.directory / name)
    lines = (precise.directory / "responses.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if ",4,sales," not in line or "empty" not in line]
    (copy / "responses.csv").write_text("".join(kept), encoding="utf-8")
    with pytest.raises(RunDirectoryError, match=r"responses.csv lacks some values; run the scenario again"):
        read_reached(RunDirectory.open(copy))


@pytest.mark.parametrize("finished", [AT_MOST + 1, 10**9])
def test_a_manifest_of_more_days_than_are_allowed_was_edited(finished: int, precise: Result, tmp_path: Path) -> None:
    assert precise.directory
    (tmp_path / "inputs").symlink_to(precise.directory / "inputs")
    manifest = json.loads((precise.directory / "manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "manifest.json").write_text(json.dumps(manifest | {"finished": finished}), encoding="utf-8")
    with pytest.raises(RunDirectoryError, match=f"was edited: 'finished' is {finished}, of {AT_MOST} days"):
        _ = RunDirectory.open(tmp_path).scenario
