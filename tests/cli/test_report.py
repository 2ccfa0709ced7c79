"""`storesim report`: one file to pass on, of a run as it is."""

import json
import shutil
from pathlib import Path

import pytest


def test_run_writes_the_report_at_its_end(small_run: tuple[Path, str]) -> None:
    folder, answer = small_run
    assert f"Report: {folder / 'report.html'}" in answer
    html = (folder / "report.html").read_text(encoding="utf-8")
    assert html.startswith("<!doctype html>")
    assert "What belongs on the table at the door?" in html


def test_run_without_a_report(storesim, root: Path, tmp_path: Path) -> None:
    scenario = root / "scenarios" / "corner_shop.yaml"
    said = storesim("run", scenario, "--replications", 2, "--workers", 1, "--no-report", "--out", "run")
    assert said.code == 0, said.err
    assert "Report:" not in said.out
    assert not (tmp_path / "run" / "report.html").exists()


def test_report_writes_the_same_bytes_again_and_elsewhere(
    storesim, small_run: tuple[Path, str], tmp_path: Path
) -> None:
    folder, _ = small_run
    said = storesim("report", folder, "--out", "there/page.html")
    assert (said.code, said.out, said.err) == (0, "there/page.html\n", "")
    assert (tmp_path / "there" / "page.html").read_bytes() == (folder / "report.html").read_bytes()


def test_report_without_the_replay(storesim, small_run: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = small_run
    assert storesim("report", folder, "--no-replay", "--out", "page.html").code == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert 'id="replay"' not in page
    assert 'id="zones"' in page


@pytest.mark.parametrize(("status", "finished"), [("interrupted", 2), ("failed", 2)])
def test_an_unfinished_run_reports_what_it_has(
    storesim, small_run: tuple[Path, str], tmp_path: Path, status: str, finished: int
) -> None:
    copy = tmp_path / "run"
    shutil.copytree(small_run[0], copy)
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    (copy / "manifest.json").write_text(json.dumps(manifest | {"status": status, "finished": finished}))
    said = storesim("report", copy, "--no-replay")
    assert said.code == 0, said.err
    assert "2 of 3 days are in it." in (copy / "report.html").read_text(encoding="utf-8")


def test_a_folder_that_is_no_run_is_a_sentence(storesim, tmp_path: Path) -> None:
    said = storesim("report", tmp_path)
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"storesim: {tmp_path} is not a run directory: it has no manifest.json; ")


def test_the_file_cannot_be_a_folder(storesim, small_run: tuple[Path, str], tmp_path: Path) -> None:
    said = storesim("report", small_run[0], "--out", tmp_path)
    assert (said.code, said.out) == (2, "")
    assert said.err == f"storesim: {tmp_path} is a folder; name a file, such as {tmp_path / 'report.html'}\n"
