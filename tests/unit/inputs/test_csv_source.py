"""CSV files: forgiving about headers and separators, exact about places, bounded."""

from pathlib import Path

import pytest

from storesim.inputs.csv_source import Row, read_csv
from storesim.inputs.mistakes import Mark, Mistakes


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read_any(text: str | bytes) -> tuple[list[Row] | None, list[str]]:
    path = Path("p.csv")
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    mistakes = Mistakes()
    rows = read_csv(path, ["product", "unit_cost"], ["bays"], mistakes, prefixes=["penetration: "])
    return rows, [str(mistake) for mistake in mistakes.found]


def read(text: str | bytes) -> list[Row]:
    rows, mistakes = read_any(text)
    assert mistakes == []
    assert rows is not None
    return rows


@pytest.mark.parametrize(
    "text",
    [
        "product,unit_cost\nmilk,1\n",
        "product;unit_cost\nmilk;1\n",
        "product,unit_cost\rmilk,1\r",
        b"\xef\xbb\xbf Product , UNIT COST\r\nmilk,1\r\n",
        '"product", "unit_cost"\n"milk", "1"\n',
        "\n\nunit cost,product\n\n1,milk\n,\n",
    ],
)
def test_separators_case_spaces_and_order_of_columns_do_not_matter(text: str | bytes) -> None:
    assert [dict(row.values) for row in read(text)] == [{"product": "milk", "unit_cost": "1"}]


def test_columns_may_be_many_of_a_kind() -> None:
    rows = read("product,unit_cost,Penetration: stock-up,penetration:Fill-in\nmilk,1,0.5,0.3\n")
    assert rows[0]["penetration: stock-up"] == "0.5"
    assert rows[0]["penetration: Fill-in"] == "0.3"


def test_cells_left_out_at_the_end_are_empty() -> None:
    assert read("product,unit_cost,bays\nmilk,1\n")[0]["bays"] == ""


def test_every_cell_knows_its_line_and_number() -> None:
    rows = read('product,unit_cost,bays\n"two\nlines",1,2\nmilk,3,4\n')
    assert rows[1].mark("bays") == Mark("p.csv", 4, 3)
    assert rows[1].mark() == Mark("p.csv", 4, 1)


HEAD = "product,unit_cost,bays\n"


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("", ["1:1: the file is empty; begin with the header product,unit_cost"]),
        ("product\nmilk\n", ["1:1: column 'unit_cost' is missing; add it to the header"]),
        (
            "prodct,unit_cost\nmilk,1\n",
            [
                "1:1: column 'product' is missing; add it to the header",
                "1:1: unknown column 'prodct'; did you mean 'product'?",
            ],
        ),
        ("product,unit_cost,Product\n", ["1:3: column 'product' stands twice; keep one"]),
        (
            "product,unit_cost,,x\n",
            [
                "1:3: column 3 has no name; choose from 'product', 'unit_cost', 'bays', 'penetration: '",
                "1:4: unknown column 'x'; choose from 'product', 'unit_cost', 'bays', 'penetration: '",
            ],
        ),
        (
            f"{HEAD}milk,1,2,3\n",
            ["2:4: the row has 4 cells, the header 3; quote a cell that holds the separator"],
        ),
        (
            f'{HEAD}"milk,1,2\n',
            ["2:1: cannot be read as CSV (unexpected end of data); close quotes, and double those inside a cell"],
        ),
        (f"{HEAD}{'x' * 10_001},1,2\n", ["2:1: a cell holds over 10000 characters; close a quote left open"]),
        (
            f"{HEAD}{'x' * 200_000},1,2\n",
            [
                "2:1: cannot be read as CSV (field larger than field limit (131072)); "
                "close quotes, and double those inside a cell"
            ],
        ),
        (f"{HEAD}" + "milk,1,2\n" * 200_001, ["200002:1: there are more than 200000 rows; split the file"]),
        (HEAD + "\n" * 1_100_000, ["1000001:1: there are more than 1000000 lines; delete empty ones"]),
        (
            ",".join(["product", "unit_cost", *(f"penetration: {n}" for n in range(198))]) + "\n" + "1\n" * 10_001,
            ["10002:1: there are more than 10000 rows; split the file"],
        ),
        (
            ",".join(["product", "unit_cost", *(f"penetration: {n}" for n in range(200))]),
            ["1:1: there are 202 columns; write at most 200"],
        ),
        (b"product,unit_cost\ncaf\xe9,1\n", ["2:4: byte 0xe9 is not UTF-8; save the file as UTF-8"]),
        ("product,unit_cost\nmi\0lk,1\n", ["2:3: control character #x00; delete it"]),
        (
            b"x" * 50_000_001,
            ["1:1: the file is larger than 50 MB; split it or leave out what is not needed"],
        ),
    ],
)
def test_what_is_wrong_says_where_and_what_to_do(text: str | bytes, mistakes: list[str]) -> None:
    _, found = read_any(text)
    assert found == [f"p.csv:{mistake}" for mistake in mistakes]


def test_a_missing_file_is_missed_where_it_is_named() -> None:
    mistakes = Mistakes()
    assert read_csv(Path("no.csv"), [], [], mistakes, named_at=Mark("s.yaml", 3, 9)) is None
    assert [str(mistake) for mistake in mistakes.found] == [
        "s.yaml:3:9: file 'no.csv' does not exist; check the name and the folder"
    ]
