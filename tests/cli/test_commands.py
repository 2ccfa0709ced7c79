"""Each command does what its help says, and says in a sentence when it cannot."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

FIGURES = [
    "difference_drinks_and_snacks_change_sides.png",
    "difference_snacks_at_the_door.png",
    "dwell.png",
    "flow.png",
    "forest.png",
    "funnel.png",
    "heat_dwell.png",
    "heat_sales_per_m2.png",
    "heat_visits.png",
    "promotion.png",
    "queue.png",
]


def test_run_answers_within_80_columns(small_run: tuple[Path, str]) -> None:
    _, answer = small_run
    assert max(map(len, answer.splitlines())) <= 80
    assert "\x1b" not in answer, "no colours in a pipe"


def test_run_says_money_first_then_verdicts_assumptions_and_files(small_run: tuple[Path, str]) -> None:
    folder, answer = small_run
    places = [answer.index(words) for words in ("sales, ", "margin, ", "dwell, s", "May be best", "assumed", "Files: ")]
    assert places == sorted(places)
    assert f"Files: {folder}" in answer
    assert json.loads((folder / "manifest.json").read_text())["status"] == "done"


def test_run_never_overwrites(storesim, root: Path, small_run: tuple[Path, str]) -> None:
    folder, _ = small_run
    said = storesim("run", root / "scenarios" / "small_shop.yaml", "--out", folder)
    assert (said.code, said.out) == (2, "")
    assert (
        said.err
        == f"storesim: {folder} is there already; name another folder with --out, or add --resume to go on in it\n"
    )


def test_run_numbers_its_folders(storesim, root: Path, tmp_path: Path) -> None:
    for _ in range(2):
        said = storesim("run", root / "scenarios" / "corner_shop.yaml", "--replications", 2, "--workers", 1)
        assert said.code == 0, said.err
        assert said.err == "", "no progress bar in a pipe"
    assert sorted(path.name for path in (tmp_path / "runs").iterdir()) == ["corner_shop", "corner_shop-2"]


def test_a_missing_scenario_is_a_sentence(storesim) -> None:
    said = storesim("run", "nowhere.yaml")
    assert (said.code, said.out) == (2, "")
    assert said.err == "nowhere.yaml:1:1: the file does not exist; check the name and the folder\n"


def test_plot_draws_every_figure(storesim, small_run: tuple[Path, str]) -> None:
    folder, _ = small_run
    said = storesim("plot", folder)
    assert said.code == 0, said.err
    drawn = sorted(path.name for path in (folder / "figures").iterdir())
    assert [name for name in drawn if not name.startswith("plan_")] == FIGURES
    assert sorted(Path(line).name for line in said.out.splitlines()) == drawn


@pytest.mark.parametrize("figure_format", ["svg", "pdf"])
def test_plot_draws_one_kind_in_a_format(storesim, small_run: tuple[Path, str], figure_format: str) -> None:
    folder, _ = small_run
    said = storesim("plot", folder, "--kind", "forest", "--format", figure_format)
    assert said.out == f"{folder / 'figures' / 'forest'}.{figure_format}\n"


def test_plot_of_another_folder(storesim, tmp_path: Path) -> None:
    said = storesim("plot", tmp_path)
    assert (said.code, said.out) == (2, "")
    assert "is not a run directory" in said.err


def test_check_of_good_files(storesim, root: Path) -> None:
    said = storesim("check", root / "scenarios" / "small_shop.yaml", root / "layouts" / "small_shop.yaml")
    assert said.code == 0, said.err
    size = "Small shop: 8 fixtures, 30 m of shelf front"
    assert [line.rpartition("/")[2] for line in said.out.splitlines()] == [f"small_shop.yaml: ok ({size})"] * 2


def test_check_tells_every_mistake_with_its_place(storesim, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "layout: A\nfloor: {size: [4, 3]}\nzonse: []\ndoors: [{id: d, at: [1, 0], width: -1}]\n"
    )
    said = storesim("check", "a.yaml")
    assert (said.code, said.out) == (2, "")
    assert "a.yaml:3:1:" in said.err
    assert "did you mean 'zones'?" in said.err
    assert "a.yaml:4:" in said.err


def test_check_names_a_shelf_that_cannot_be_reached(storesim, tmp_path: Path) -> None:
    boxed_in = """\
layout: Boxed in
floor: {size: [10, 8]}
doors: [{id: main, at: [2, 0], width: 2, way: both}]
obstacles:
  - {id: west wall, box: [6, 4, 0.2, 4]}
  - {id: south wall, box: [6, 4, 4, 0.2]}
fixtures:
  - {id: hidden, kind: wall, box: [7, 7, 2, 0.6], faces: [south], bay: 1}
checkouts:
  - {id: till, kind: cashier, lanes: 1, box: [4, 2, 1, 1], queue: north, exit: south}
"""
    (tmp_path / "boxed.yaml").write_text(boxed_in)
    said = storesim("check", "boxed.yaml")
    assert (said.code, said.out) == (2, "")
    assert "'hidden'" in said.err or "hidden" in said.err
    assert "cannot be reached" in said.err


def test_new_starts_a_project_that_checks(storesim, tmp_path: Path) -> None:
    said = storesim("new", "shop")
    assert said.code == 0, said.err
    assert sorted(path.name for path in (tmp_path / "shop").iterdir()) == ["data", "layouts", "scenarios"]
    assert storesim("check", "scenarios/small_shop.yaml", cwd=tmp_path / "shop").code == 0


def test_new_refuses_a_folder_with_something_in_it(storesim, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("precious")
    said = storesim("new", tmp_path)
    assert said.code == 2
    assert said.err == f"storesim: {tmp_path} is not an empty folder; name one that is, or a new one\n"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_show_draws_plan_and_graph(storesim, root: Path, tmp_path: Path) -> None:
    said = storesim("show", root / "layouts" / "small_shop.yaml", "--out", "drawn.svg")
    assert said.code == 0, said.err
    assert said.out.split() == ["drawn.svg", "drawn_graph.svg"]
    assert (tmp_path / "drawn.svg").read_text().startswith("<?xml")


def test_compare_plays_two_floor_plans(storesim, root: Path, tmp_path: Path) -> None:
    layout = root / "layouts" / "small_shop.yaml"
    (tmp_path / "mirrored.yaml").write_text(f"layout: Mirrored\nextends: {layout}\nmirror: x\n")
    scenario = root / "scenarios" / "small_shop.yaml"
    said = storesim("compare", layout, "mirrored.yaml", "--with", scenario, "--replications", 2, "--workers", 1)
    assert said.code == 0, said.err
    assert "Mirrored" in said.out or "mirrored" in said.out
    assert "taken apart" not in said.out
    assert (tmp_path / "runs" / "compare" / "summary.csv").exists()


def test_compare_needs_two(storesim, root: Path) -> None:
    said = storesim("compare", root / "layouts" / "small_shop.yaml")
    assert said.code == 2
    assert said.err == "storesim: one floor plan has nothing to be compared with; name at least two\n"


def test_schema_lists_the_kinds_and_prints_each(storesim) -> None:
    kinds = storesim("schema").out.split()
    assert {"layout", "scenario", "segments", "products", "planogram"} <= set(kinds)
    assert json.loads(storesim("schema", "layout").out)["$schema"].endswith("2020-12/schema")


def test_schema_suggests_a_near_kind(storesim) -> None:
    said = storesim("schema", "layuot")
    assert said.code == 2
    assert said.err == "storesim: there is no kind of file 'layuot'; did you mean 'layout'?\n"


def test_a_folder_that_cannot_be_written_is_a_failure(storesim, root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    out = tmp_path / "file" / "run"
    said = storesim("run", root / "scenarios" / "small_shop.yaml", "--out", out)
    assert said.code == 1
    assert said.err == f"storesim: {out}: not a directory; nothing is finished\n"


def test_what_nobody_expected_is_a_sentence_with_the_details_in_a_file(tmp_path: Path) -> None:
    said = _broken(tmp_path)
    assert said.returncode == 1
    assert "Traceback" not in said.stderr
    words, _, file = said.stderr.strip().partition("; the details are in ")
    assert words == "storesim: failed with RuntimeError: no such luck"
    assert "RuntimeError: no such\nluck" in Path(file).read_text()


def test_debugging_shows_the_traceback(tmp_path: Path) -> None:
    assert "Traceback" in _broken(tmp_path, STORESIM_DEBUG="1").stderr


def _broken(tmp_path: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    code = """\
import sys
import storesim.cli.schema as schema
from storesim.cli import main
def fail(**_): raise RuntimeError("no such\\nluck")
schema.command.callback = fail
sys.exit(main(["schema"]))
"""
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False,
        env={**os.environ, "TMPDIR": str(tmp_path), **settings},
    )  # fmt: skip


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_ends_with_130_and_a_sentence(root: Path, tmp_path: Path, workers: int) -> None:
    words = ["run", str(root / "scenarios" / "small_shop.yaml"), "--replications", "5000", "--workers", str(workers)]
    process = subprocess.Popen(
        [sys.executable, "-m", "storesim", *words],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path, start_new_session=True,
        # What a shell starts in the background inherits an ignored Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    try:
        _wait_for(tmp_path / "runs" / "small_shop" / "customers")
        os.killpg(process.pid, signal.SIGINT)  # a terminal sends it to all processes of the command
        out, err = process.communicate(timeout=60)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert (process.returncode, out) == (130, "")
    folder = "runs/small_shop"  # whether a day was finished hangs on the machine
    assert err in (
        "interrupted; nothing is finished\n",
        f"interrupted; finished work is in {folder}; `--resume --out {folder}` goes on with it\n",
        f"interrupted; finished work is in {folder}; `--resume --out {folder}` goes on with it, "
        f"`storesim report {folder}` shows it\n",
    )
    assert json.loads((tmp_path / "runs" / "small_shop" / "manifest.json").read_text())["status"] == "interrupted"


def _wait_for(path: Path, longest_s: float = 60) -> None:
    until = time.monotonic() + longest_s
    while not path.exists():
        assert time.monotonic() < until, f"{path} did not come"
        time.sleep(0.05)


def test_conversion_writes_a_file_that_a_scenario_can_name(storesim, tmp_path: Path) -> None:
    assert storesim("new", "shop").code == 0
    said = storesim("conversion", "scenarios/small_shop.yaml", cwd=tmp_path / "shop")
    assert said.code == 0, said.err
    assert "off by" in said.out
    written = tmp_path / "shop" / "data" / "small" / "conversion.csv"
    header, *rows = written.read_text().splitlines()
    assert header == "product,conversion,planned_share,target,simulated,residual,p_notice,excess"
    assert rows


def test_run_takes_promotions_apart_after_the_main_table(small_run: tuple[Path, str]) -> None:
    _, answer = small_run
    lines = answer.splitlines()
    (head,) = (number for number, line in enumerate(lines) if line.startswith("Promotions taken apart: sales, USD"))
    assert lines[head + 1].split() == ["own", "category", "rest", "total", "total/own"]
    assert lines[head + 2] == "snacks at the door"
    assert lines[head + 3].lstrip().startswith("bag snacks")
    assert answer.index("sales, USD  ") < answer.index("Promotions taken apart") < answer.index("May be best")
