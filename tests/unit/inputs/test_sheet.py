"""Workbooks: read as what is written in their cells, and refused in a sentence when hostile or broken."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from storesim.inputs.mistakes import Mistakes
from storesim.inputs.sheet import read_sheet

HEAD = ("product", "fixture", "face", "bays", "levels", "metres")


def book(path: Path, *rows: Sequence[Any]) -> Path:
    made = Workbook()
    for row in rows:
        made.worksheets[0].append(row)
    made.save(path)
    return path


def read(path: Path) -> tuple[list[tuple[int, list[str]]] | None, list[str]]:
    mistakes = Mistakes()
    lines = read_sheet(path, mistakes, 1000, 20)
    return lines, [str(mistake).removeprefix(f"{path}:") for mistake in mistakes.found]


def test_cells_are_what_one_would_write_in_a_csv_file(tmp_path: Path) -> None:
    path = book(tmp_path / "b.xlsx", ("a", 3, 0.4, 3.0, True, None, "é", date(2026, 5, 3)), (), (None, "x"))
    assert read(path) == ([(1, ["a", "3", "0.4", "3", "true", "", "é", "2026-05-03"]), (3, ["", "x"])], [])


def test_the_first_visible_sheet_counts(tmp_path: Path) -> None:
    made = Workbook()
    made.worksheets[0].sheet_state = "hidden"
    made.create_sheet("shown").append(["yes"])
    made.save(tmp_path / "b.xlsx")
    assert read(tmp_path / "b.xlsx") == ([(1, ["yes"])], [])


def test_a_formula_is_never_computed(tmp_path: Path) -> None:
    path = book(tmp_path / "b.xlsx", ("a", "=1+1"))
    what = "formula '=1+1' has no value in the file; open and save it, or write the value"
    assert read(path)[1] == [f"1:2: {what}"]


def test_a_planogram_may_be_a_sheet(store: Any) -> None:
    cells = [("coffee", "G1", "west", "1-2", None, 4), ("tea", "G1", "west", "3-4", 1, 1.5)]
    book(Path("planogram.xlsx"), HEAD, *cells)
    store.change("scenario.yaml", "planogram.csv", "planogram.xlsx")
    found = [(p.product, p.bay, p.metres) for p in store.load().cases[0].placements]
    assert found == [("coffee", 1, 2.0), ("coffee", 2, 2.0), ("tea", 3, 0.75), ("tea", 4, 0.75)]


def test_mistakes_in_a_sheet_have_row_and_column(store: Any) -> None:
    book(Path("planogram.xlsx"), HEAD, ("coffee", "G1", "west", date(2026, 1, 2)), ("tea", "G9", "west"))
    store.change("scenario.yaml", "planogram.csv", "planogram.xlsx")
    assert store.mistakes() == [
        "planogram.xlsx:2:4: bays '2026-01-02' cannot be read; write a number or a range like 3-5",
        "planogram.xlsx:3:2: fixture 'G9' is not in layout 'small'; choose from 'G1', 'G2', 'wide', 'T1'",
    ]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "this is no XLSX workbook; save it as .xlsx, or as CSV"),
        (b"product,fixture\n", "this is no XLSX workbook; save it as .xlsx, or as CSV"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "this is an old .xls file, or has a password; save it as .xlsx without a password, or as CSV",
        ),
    ],
)
def test_what_is_no_workbook(content: bytes, told: str, tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    path.write_bytes(content)
    assert read(path) == (None, [f"1:1: {told}"])


BROKEN = "1:1: the workbook is broken and cannot be read; open it and save it again, or save it as CSV"


def test_an_archive_of_something_else_is_broken(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "b.xlsx", "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert read(tmp_path / "b.xlsx") == (None, [BROKEN])


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_truncated_workbook_is_told(kept: float, tmp_path: Path) -> None:
    content = book(tmp_path / "b.xlsx", *[("a", i) for i in range(50)]).read_bytes()
    (tmp_path / "b.xlsx").write_bytes(content[: int(kept * len(content))])
    lines, told = read(tmp_path / "b.xlsx")
    assert lines is None
    assert len(told) == 1


def replaced(path: Path, part: str, content: str) -> Path:
    """Put something else in the place of a part of a workbook."""
    with ZipFile(book(path, ("a",))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, own in parts.items():
            archive.writestr(name, content if name == part else own)
    return path


SHEET = "xl/worksheets/sheet1.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = replaced(tmp_path / "b.xlsx", SHEET, " " * 160_000_000)
    assert path.stat().st_size < 1_000_000
    assert read(path)[1] == ["1:1: the workbook unpacks to more than 150 MB; keep the one sheet that is needed"]


def test_a_row_far_down_is_not_waited_for(tmp_path: Path) -> None:
    row = '<row r="99999999999"><c r="A99999999999" t="inlineStr"><is><t>x</t></is></c></row>'
    path = replaced(tmp_path / "b.xlsx", SHEET, f"<worksheet {NAMESPACE}><sheetData>{row}</sheetData></worksheet>")
    lines, told = read(path)
    assert lines is None
    assert len(told) == 1


def test_entities_are_not_blown_up(tmp_path: Path) -> None:
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    text = f"""<!DOCTYPE x [<!ENTITY e0 "ha">{entities}]><worksheet {NAMESPACE}><sheetData><row r="1">
        <c r="A1" t="inlineStr"><is><t>&e11;</t></is></c></row></sheetData></worksheet>"""
    assert read(replaced(tmp_path / "b.xlsx", SHEET, text)) == (None, [BROKEN])
