"""What a reader sees of a sweep: every name and level in pictures, on the page, in the workbook and the terminal."""

from pathlib import Path

import numpy as np
import pytest

import storesim
from storesim.cli.sweep import WIDTH, sweep_lines
from storesim.experiment.result import Result
from storesim.report.figure_files import save
from storesim.report.page.numbers import Numbers
from storesim.report.page.sweep import sweep_section
from storesim.report.run_directory import RunDirectory
from storesim.report.sweep_figure import MOST_NAMES, effects_figure, leading, sobol_figure
from storesim.report.workbook import sheets

ROOT = Path(__file__).parents[3]
HOSTILE = "variants.$x_{evil}$.promotions.1.price_cut"
HEAD = (ROOT / "scenarios" / "sweep.yaml").read_text(encoding="utf-8").partition("sweep:\n")[0]
SWEEP = """\
sweep:
  design: sobol
  points: 2
  replications: 2
  over:
    notice_rate: {from: 0.003, to: 0.012}
    variants.snacks at the door.promotions.1.price_cut: {from: 5%, to: 40%}
"""


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    folder = tmp_path_factory.mktemp("swept")
    text = HEAD.replace("../", f"{ROOT}/").replace("replications: 10", "replications: 2")
    (folder / "a.yaml").write_text(text.replace("visits_per_day: 300", "visits_per_day: 60") + SWEEP, encoding="utf-8")
    return storesim.load(folder / "a.yaml").run(out=folder / "run")


@pytest.fixture(scope="module")
def run(result: Result) -> RunDirectory:
    assert result.directory is not None
    return RunDirectory.open(result.directory)


def test_every_name_and_level_is_drawn(run: RunDirectory) -> None:
    assert run.sweep_levels is not None
    assert run.sweep_effects is not None
    figure = effects_figure(run.sweep_levels, run.sweep_effects, run.scenario.baseline)
    assert [axes.get_title(loc="left") for axes in figure.axes[::3]] == [
        "notice_rate", "…nts.snacks at the door.promotions.1.price_cut",
    ]  # fmt: skip
    [line] = figure.axes[0].lines
    mine = run.sweep_levels.query("variant == 'snacks at the door' and response == 'sales' and swept == 'notice_rate'")
    assert np.allclose(line.get_xdata(), mine["setting"].astype(float))
    assert np.allclose(line.get_ydata(), mine["mean"], equal_nan=True)


def test_indices_are_drawn_as_bars(run: RunDirectory) -> None:
    assert run.sweep_effects is not None
    figure = sobol_figure(run.sweep_effects, run.scenario.baseline)
    assert len(figure.axes) == 3
    assert len(figure.axes[0].patches) == 4


def test_odd_names_and_text_settings_are_drawn_as_written(run: RunDirectory, tmp_path: Path) -> None:
    assert run.sweep_levels is not None
    assert run.sweep_effects is not None
    names = {"notice_rate": HOSTILE}
    levels, effects = (table.replace({"swept": names}) for table in (run.sweep_levels, run.sweep_effects))
    levels["setting"] = [f"$y_{{{text}$.yaml" for text in levels["setting"]]
    figure = effects_figure(levels, effects, run.scenario.baseline)
    save(figure, tmp_path / "effects")
    assert figure.axes[0].get_title(loc="left") == HOSTILE
    assert figure.axes[0].get_xticklabels()[0].get_text().endswith("$.yaml")
    save(sobol_figure(effects, run.scenario.baseline), tmp_path / "sobol")


def test_of_many_names_those_that_do_most_are_drawn_in_the_order_written(run: RunDirectory) -> None:
    assert run.sweep_effects is not None
    one = run.sweep_effects[run.sweep_effects["swept"] == "notice_rate"]
    tables = [one.assign(swept=f"x{k}", effect=k % 13 + 1.0) for k in range(30)]
    import pandas as pd

    found = leading(pd.concat(tables), ["snacks at the door"])
    assert len(found) == MOST_NAMES
    assert found == [f"x{k}" for k in range(30) if k % 13 >= 8]


def test_a_baseline_alone_shows_its_own_means(run: RunDirectory) -> None:
    assert run.sweep_levels is not None
    assert run.sweep_effects is not None
    alone = [table[table["variant"] == "empty table"] for table in (run.sweep_levels, run.sweep_effects)]
    figure = effects_figure(alone[0], alone[1], "empty table")
    assert len(figure.axes[0].lines) == 1


def test_the_page_has_a_row_for_each_name_and_the_indices(run: RunDirectory) -> None:
    section = sweep_section(run, Numbers("en-US", "USD"))
    assert section is not None
    html = str(section.body)
    assert html.count('<th scope="row">notice_rate</th>') == 6 + 2
    assert "What the variance comes from" in html


def test_the_workbook_has_a_sheet(run: RunDirectory) -> None:
    [sheet] = [sheet for sheet in sheets(run) if sheet.name == "Sweep"]
    assert list(sheet.table["swept"].unique()) == list(run.manifest["sweep"]["over"])


def test_the_terminal_tells_what_each_value_does_to_the_margin(result: Result) -> None:
    lines = sweep_lines(result)
    assert max(map(len, lines)) <= WIDTH
    assert lines[0] == "Sweep: sobol, 8 points of 2 days. Over its range each value changes"
    assert sum("notice_rate" in line or "price_cut" in line for line in lines) == 2
