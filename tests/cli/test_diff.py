"""`storesim diff`, and the other ways to look at stores and runs from outside: GraphML, workbook, figures."""

from pathlib import Path

import networkx as nx
import openpyxl
import pytest
from click.testing import CliRunner

from storesim.cli import figure_name, show
from storesim.report.figure_files import FORMATS

WRONG = 2


def test_two_layouts(storesim, root: Path, tmp_path: Path) -> None:
    layouts = [root / "layouts" / f"market_{name}.yaml" for name in ("grid", "racetrack")]
    planograms = [root / "data" / "market" / f"planogram_{name}.csv" for name in ("grid", "racetrack")]
    said = storesim("diff", *layouts, "--planogram", planograms[0], "--planogram", planograms[1], "--out", "both.svg")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Market, grid -> Market, racetrack\n")
    for words in ("Fixtures (middle in m):", "Products:", "walkable area", "both.svg"):
        assert words in said.out
    assert (tmp_path / "both.svg").read_bytes().startswith(b"<?xml")


def test_two_variants(storesim, root: Path) -> None:
    said = storesim("diff", root / "scenarios" / "market.yaml", "grid", "Coffee beside biscuits")
    assert said.code == 0, said.err
    assert "coffee                G3/west/1-4 19.2 m -> G6/west/1-4 19.2 m" in said.out


def test_a_variant_that_is_not_there(storesim, root: Path) -> None:
    said = storesim("diff", root / "scenarios" / "market.yaml", "grid", "racetrak")
    assert (said.code, said.out) == (WRONG, "")
    assert said.err.endswith("did you mean 'racetrack'?\n")


def test_what_cannot_be_compared_is_said_in_a_sentence(storesim, root: Path) -> None:
    grid = root / "layouts" / "market_grid.yaml"
    assert "name two layouts, or a scenario and two of its variants" in storesim("diff", grid).err
    assert "give it twice" in storesim("diff", grid, grid, "--planogram", "p.csv").err
    missing = storesim("diff", grid, "nowhere.yaml", "--out", "picture.png")
    assert (missing.code, missing.out) == (WRONG, "")
    assert missing.err == "nowhere.yaml:1:1: the file does not exist; check the name and the folder\n"


def test_all_that_is_missing_is_told_together(storesim) -> None:
    said = storesim("diff", "first.yaml", "second.yaml", "--planogram", "third.csv", "--planogram", "third.csv")
    assert said.code == WRONG
    assert [line.partition(":")[0] for line in said.err.splitlines()] == ["first.yaml", "second.yaml", "third.csv"]


def test_a_figure_is_drawn_in_the_format_that_it_is_named_for_or_not_at_all(
    storesim, root: Path, tmp_path: Path
) -> None:
    shop = root / "layouts" / "small_shop.yaml"
    for words in (("show", shop), ("diff", shop, shop)):
        said = storesim(*words, "--out", "plan.gif")
        assert (said.code, said.out) == (WRONG, "")
        assert "'plan.gif' is no figure that can be drawn; end it in one of .png, .svg, .pdf" in said.err
        assert not list(tmp_path.iterdir())
    assert storesim("diff", shop, shop, "--out", "plan").code == 0
    assert [path.name for path in tmp_path.iterdir()] == ["plan.png"]


def test_a_graph_is_written_whole_or_not_at_all(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: object, path: Path) -> None:
        path.write_text("<half")
        raise OSError("no space left on device")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("storesim.store.graphml.write_graphml", fail)
    (tmp_path / "old.graphml").write_text("<whole/>")
    done = CliRunner().invoke(show.command, [str(root / "layouts" / "small_shop.yaml"), "--graph", "old.graphml"])
    assert isinstance(done.exception, OSError)
    assert (tmp_path / "old.graphml").read_text() == "<whole/>"
    assert not list(tmp_path.glob(".*"))


def test_the_formats_are_those_that_can_be_drawn() -> None:
    assert figure_name.FORMATS == FORMATS


def test_the_store_graph_as_graphml(storesim, root: Path, tmp_path: Path) -> None:
    for name in ("small_shop", "corner_shop"):
        said = storesim("show", root / "layouts" / f"{name}.yaml", "--graph", f"{name}.graphml")
        assert said.code == 0, said.err
        graph = nx.read_graphml(tmp_path / f"{name}.graphml")
        assert {"zone", "shelf", "door", "till"} == {kind for _, kind in graph.nodes(data="kind")}
        assert all(edge["metres"] > 0 for _, _, edge in graph.edges(data=True) if edge["kind"] == "next_to")


def test_run_writes_a_workbook(small_run: tuple[Path, str]) -> None:
    folder, _ = small_run
    book = openpyxl.load_workbook(folder / "summary.xlsx", read_only=True)
    assert book.sheetnames[:3] == ["Summary", "Differences", "Money"]
    book.close()


def test_a_kind_with_nothing_to_draw_says_so(storesim, root: Path, tmp_path: Path) -> None:
    run = storesim(
        "run", root / "scenarios" / "corner_shop.yaml", "--replications", 2, "--workers", 1, "--out", "corner"
    )
    assert run.code == 0, run.err
    said = storesim("plot", "corner", "--kind", "flow")
    assert (said.code, said.out) == (0, "")
    assert said.err == "this run has nothing to draw of the kind 'flow'\n"
    assert storesim("plot", "corner", "--kind", "queue", "--format", "pdf").out.strip().endswith("queue.pdf")
    assert (tmp_path / "corner" / "figures" / "queue.pdf").exists()


def test_a_layout_without_a_name_is_a_sentence(storesim, root: Path) -> None:
    said = storesim("diff", "", root / "layouts" / "small_shop.yaml")
    assert said.code == 2
    assert "failed with" not in said.err
