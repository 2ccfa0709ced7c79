import gzip
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storesim.calibrate import dialect
from storesim.calibrate.extract import Pos, open_pos
from storesim.inputs.mistakes import InputError

from .conftest import HEADER, Write

GOOD = "1,2026-03-02 18:05:00,bread,1,1.99"


def mistakes_of(*paths: Path, columns: Path | None = None) -> list[str]:
    """Return what is wrong with files, without their folder."""
    with pytest.raises(InputError) as caught, open_pos(paths, columns):
        pass
    return [str(each).removeprefix(f"{paths[0].parent}/") for each in caught.value.mistakes]


def lines(pos: Pos, what: str = "row, basket, t, product, quantity, net_sales") -> list[tuple[object, ...]]:
    return pos.db.execute(f"SELECT {what} FROM line ORDER BY file, row").fetchall()  # noqa: S608


def reasons(*paths: Path) -> list[str]:
    with open_pos(paths) as pos:
        assert len(pos.bad_rows) == pos.unreadable
        return [f"{each.row}: {each.reason}" for each in pos.bad_rows]


def test_rows_come_with_the_line_they_stand_in(write: Write) -> None:
    path = write(GOOD, "", '2,2026-03-02 18:06:00,"milk, fresh",2,2.50')
    with open_pos([path]) as pos:
        assert lines(pos) == [
            (2, "1", datetime(2026, 3, 2, 18, 5), "bread", 1.0, 1.99),
            (4, "2", datetime(2026, 3, 2, 18, 6), "milk, fresh", 2.0, 2.5),
        ]
        assert (pos.rows, pos.blank, pos.unreadable) == (2, 1, 0)


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", b""), ("utf-8-sig", b""), ("utf-16", b""), ("utf-16-le", b""), ("utf-16-be", b""), ("cp1252", b"")],
)
def test_encodings_are_told_by_the_bytes(write: Write, encoding: str, mark: bytes) -> None:
    text = f"{HEADER}\r\n1,2026-03-02 18:05:00,Käse,1,€ 1.99\r\n"
    with open_pos([write(content=mark + text.encode(encoding))]) as pos:
        assert lines(pos, "product, net_sales") == [("Käse", 1.99)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_and_line_ends(write: Write, separator: str, end: str) -> None:
    rows = [HEADER.split(","), GOOD.split(","), ["2", "2026-03-02 18:06:00", f'"a{separator} ""b"""', "2", "2.50"]]
    with open_pos([write(content=end.join(separator.join(row) for row in rows).encode())]) as pos:
        assert lines(pos, "row, product") == [(2, "bread"), (3, f'a{separator} "b"')]


def test_a_quoted_cell_may_run_over_lines_and_the_numbers_of_later_lines_stay(write: Write) -> None:
    with open_pos([write('1,2026-03-02 18:05:00,"milk\nfresh",1,1.99', GOOD)]) as pos:
        assert lines(pos, "row, product") == [(2, "milk fresh"), (4, "bread")]


def test_a_separator_line_for_a_spreadsheet_is_no_header(write: Write) -> None:
    with open_pos([write(content=f"sep=,\n{HEADER}\n{GOOD}\n".encode())]) as pos:
        assert lines(pos, "row, product") == [(3, "bread")]


def test_gzip_is_unpacked(write: Write) -> None:
    path = write(name="pos.csv.gz", content=gzip.compress(f"{HEADER}\n{GOOD}\n".encode()))
    with open_pos([path]) as pos:
        assert lines(pos, "product") == [("bread",)]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1.99", 1.99),
        ("1,234.50", 1234.5),
        ("-1.99", -1.99),
        ("1.99-", -1.99),
        ("(1.99)", -1.99),
        ("−1.99", -1.99),
        ("+1.99", 1.99),
        ("$1.99", 1.99),
        ("1.99 USD", 1.99),
        ("1'234.50", 1234.5),
        ("1\u00a0234.50", 1234.5),
        (".5", 0.5),
        ("1e-3", 0.001),
        ("1e5", 1e5),
    ],
)
def test_amounts_with_a_point(write: Write, written: str, value: float) -> None:
    with open_pos([write(GOOD, f'1,2026-03-02 18:05:00,milk,1,"{written}"')]) as pos:
        assert lines(pos, "net_sales")[1] == (pytest.approx(value),)


@pytest.mark.parametrize(
    ("written", "value"), [("1,99", 1.99), ("1.234,5", 1234.5), ("1.234", 1234.0), ("1 234,5", 1234.5)]
)
def test_amounts_with_a_comma(write: Write, written: str, value: float) -> None:
    rows = [f"1;2026-03-02 18:05:00;milk;1;{amount}" for amount in ("0,99", written)]
    with open_pos([write(*rows, header=HEADER.replace(",", ";"))]) as pos:
        assert lines(pos, "net_sales")[1] == (pytest.approx(value),)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-02 18:05", "2026-03-02T18:05:00", "2026-03-02 18:05:00.000000", "2026-03-02T18:05:00Z",
        "2026-03-02 18:05:00+01:00", "20260302180500", "20260302 1805", "02.03.2026 18:05", "2.3.2026 18:05:00",
        "02.03.26 18:05", "2026/03/02 18:05", "03/02/2026 06:05 PM", "03/02/2026 6:05:00 pm", "02-Mar-2026 18:05",
    ],
)  # fmt: skip
def test_times(write: Write, written: str) -> None:
    """The last line has a day over 12, so that the order of day and month shows."""
    other = "03/31/2026 06:05 PM" if "/" in written and not written.startswith("2026") else written
    with open_pos([write(*(f"1,{t},milk,1,1.99" for t in (written, other)))]) as pos:
        assert lines(pos, "t")[0] == (datetime(2026, 3, 2, 18, 5),)


@pytest.mark.parametrize(("last", "month"), [("13/04/2026", 4), ("04/13/2026", 3)])
def test_one_day_over_twelve_decides_the_order_of_all(write: Write, last: str, month: int) -> None:
    with open_pos([write(*(f"1,{day} 18:05,milk,1,1.99" for day in ("03/04/2026", last)))]) as pos:
        assert lines(pos, "t")[0] == (datetime(2026, month, 7 - month, 18, 5),)


def test_date_and_time_may_stand_apart_and_price_times_quantity_is_sales(write: Write) -> None:
    path = write("1,02.03.2026,18:05,milk,2,1.50", header="bon,datum,uhrzeit,artikel,menge,preis")
    with open_pos([path]) as pos:
        assert lines(pos, "t, net_sales") == [(datetime(2026, 3, 2, 18, 5), 3.0)]
        assert "Sales of a line are price times quantity." in pos.notes


def test_a_discount_makes_the_regular_price_of_a_unit(write: Write) -> None:
    with open_pos([write(f"{GOOD.replace(',1,1.99', ',2,3.00')},-1.00", header=f"{HEADER},discount")]) as pos:
        assert lines(pos, "regular_price") == [(2.0,)]


def test_customers_are_used_only_with_consent(write: Write) -> None:
    rows = [f"{GOOD},{customer},{said}" for customer, said in (("a", "yes"), ("b", "no"), ("c", ""), ("d", "1"))]
    with open_pos([write(*rows, header=f"{HEADER},customer,consent")]) as pos:
        assert (lines(pos, "customer"), pos.without_consent) == ([("a",), (None,), (None,), ("d",)], 2)


def test_several_files_become_one_and_keep_their_lines(write: Write) -> None:
    first = write(GOOD, GOOD, name="a.csv")
    second = write(content=b"net_sales;product;timestamp;basket_id;quantity;till\n2.99;milk;02.03.2026 18:05;7;x;1\n"
                   b"2.99;milk;02.03.2026 18:05;7;1;1\n", name="b.csv")  # fmt: skip
    with open_pos([first, second]) as pos:
        assert [(each.path.endswith("b.csv"), each.row) for each in pos.bad_rows] == [(True, 2)]
        assert lines(pos, "file, row, product") == [(0, 2, "bread"), (0, 3, "bread"), (1, 3, "milk")]


def test_parquet_is_read_with_its_types(tmp_path: Path) -> None:
    path = tmp_path / "pos.parquet"
    duckdb.sql(f"""COPY (SELECT 7 AS basket_id, TIMESTAMPTZ '2026-03-02 18:05:00+00' AS timestamp, 'milk' AS product,
        2 AS quantity, 1.99::DECIMAL(8, 2) AS net_sales) TO '{path}'""")
    with open_pos([path]) as pos:
        assert lines(pos) == [(1, "7", datetime(2026, 3, 2, 18, 5), "milk", 2.0, 1.99)]
        assert pos.zones == {"utc"}


def test_a_parquet_file_with_a_damaged_page_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "pos.parquet"
    duckdb.sql("""SELECT k AS basket_id, TIMESTAMP '2026-03-02 18:05:00' + to_minutes(k) AS timestamp,
        'milk' || k AS product, 1.0::DOUBLE * k AS net_sales FROM range(5000) AS t(k)""").write_parquet(str(path))
    content = bytearray(path.read_bytes())
    content[4:20_000] = b"\xa5" * 19_996
    path.write_bytes(content)
    [message] = mistakes_of(path)
    assert message.startswith("pos.parquet:1:1: a Parquet file is damaged (")


def test_unreadable_rows_are_listed_with_line_and_reason(write: Write) -> None:
    path = write(
        *[GOOD] * 30,
        "1,2026-13-02 18:05:00,bread,1,1.99",
        "1,2026-03-02 18:05:00,bread,one,1.99",
        '1,2026-03-02 18:05:00,bread,1,"1,99"',
        ",2026-03-02 18:05:00,bread,1,1.99",
        "1,2026-03-02 18:05:00,bread,1",
        "1,2026-03-02 18:05:00,milk, fresh,1,1.99",
    )  # fmt: skip
    assert reasons(path) == [
        "32: timestamp '2026-13-02 18:05:00' is not a time",
        "33: quantity 'one' is not a number",
        "34: net_sales '1,99' is not a number",
        "35: the basket is empty",
        "36: it has 4 cells, the header 5",
        "37: it has 6 cells, the header 5",
    ]


@pytest.mark.parametrize(
    ("last", "reason"),
    [
        ("1,2026-03-02 18:05:00,bre", "it has 3 cells, the header 5"),
        ('1,2026-03-02 18:05:00,"bre', "the line ends inside quotes"),
    ],
)
def test_a_file_cut_off_loses_its_last_line_only_and_says_so(write: Write, last: str, reason: str) -> None:
    assert reasons(write(content=f"{HEADER}\n{GOOD}\n{GOOD}\n{last}".encode())) == [f"4: {reason}"]


def test_a_quote_left_open_takes_no_other_row_with_it(write: Write) -> None:
    path = write(GOOD, '1,2026-03-02 18:05:00,"bread,1,1.99', GOOD, '1,2026-03-02 18:05:00,"milk,1,1.99', GOOD)
    assert reasons(path) == ["3: the line ends inside quotes", "5: the line ends inside quotes"]


def test_a_hundred_unreadable_rows_are_listed_and_all_counted(write: Write) -> None:
    with open_pos([write(*[GOOD] * 300, *["1,x,bread,1,1.99"] * 250)]) as pos:
        assert (pos.unreadable, len(pos.bad_rows), pos.rows) == (250, 100, 300)


CSV = {
    "empty": (b"", "pos.csv:1:1: the file is empty; export it again"),
    "blank": (b"\n \n\n", "pos.csv:1:1: the file holds empty lines only; export it again"),
    "header only": (
        f"{HEADER}\n".encode(),
        "pos.csv:1:1: there is a header and nothing below it; export the rows too",
    ),
    "one column": (b"basket_id\n1\n", "pos.csv:1:1: there is one column only; separate columns by , ; | or tabs"),
    "binary": (
        f"{HEADER}\n{GOOD}\n".encode() + b"\x01\x02",
        "pos.csv:3:1: control character #x01; this is no text, export the table as CSV",
    ),
    "workbook": (b"PK\x03\x04...", "pos.csv:1:1: this is an Excel workbook or a ZIP archive; save the table as CSV"),
    "broken UTF-8": (
        f"{HEADER}\n{GOOD}\n1,2026-03-02 18:05:00,Käse,1,1.99\n".encode() + b"\xff\n",
        "pos.csv:4:1: byte 0xff is not UTF-8; save the file as UTF-8",
    ),
    "neither encoding": (
        f"{HEADER}\n{GOOD}\n".encode() + b"\x81\n",
        "pos.csv:3:1: byte 0x81 is not UTF-8 nor Windows-1252; save the file as UTF-8",
    ),
    "gzip cut off": (
        gzip.compress(f"{HEADER}\n{GOOD}\n".encode() * 99)[:-12],
        "pos.csv:1:1: the gzip file is cut off or damaged; copy it again",
    ),
    "Parquet cut off": (b"PAR1....", "pos.csv:1:1: the Parquet file is cut off or damaged; export it again"),
    "endless line": (
        f"{HEADER}\n{GOOD}\n".encode() + b"x" * 200_000,
        "pos.csv:3:1: a line is longer than 100000 characters; this is no table with a row a line",
    ),
    "endless header": (
        b"x" * 2_000_000,
        "pos.csv:1:1: a line is longer than 100000 characters; this is no table with a row a line",
    ),
    "no time of day": (
        f"{HEADER}\n1,2026-03-02,bread,1,1.99\n".encode(),
        "pos.csv:1:1: 'timestamp' has dates without a time of day; export the time too, arrivals need it",
    ),
    "no times at all": (
        f"{HEADER}\n1,yesterday,bread,1,1.99\n".encode(),
        "pos.csv:1:1: no timestamp can be read (they look like 'yesterday'); write 2026-01-31 18:05:00",
    ),
    "day or month": (
        f"{HEADER}\n1,03/04/2026 18:05,bread,1,1.99\n".encode(),
        "pos.csv:1:1: dates such as 03/04/2026 may be in March or April; say dates: D/M/Y or M/D/Y in --columns",
    ),
    "days and months": (
        f"{HEADER}\n1,13/04/2026 18:05,bread,1,1.99\n1,04/13/2026 18:05,bread,1,1.99\n".encode(),
        "pos.csv:1:1: 1 dates have the day first, 1 the month first; export all in one way, best like 2026-01-31",
    ),
    "point or comma": (
        f"{HEADER}\n1,2026-03-02 18:05,bread,1,1.234\n".encode(),
        "pos.csv:1:1: 'net_sales' has numbers such as 1.234 or 1,234 only, which may be a thousand or one and a bit; "
        "say decimal: '.' or ',' in --columns",
    ),
    "points and commas": (
        f'{HEADER}\n{GOOD}\n1,2026-03-02 18:05,bread,1,"1,99"\n'.encode(),
        "pos.csv:1:1: 'net_sales' has 1 numbers with a decimal point and 1 with a decimal comma; export it in one way, "
        "or say decimal: '.' or ',' in --columns",
    ),
    "two symbols": (
        f"{HEADER}\n1,2026-03-02 18:05,bread,1,1.99 €\n1,2026-03-02 18:05,bread,1,$1.99\n".encode(),
        "pos.csv:1:1: amounts are in several currencies (EUR, USD); export one currency, or convert them first",
    ),
    "two currencies": (
        f"{HEADER},currency\n{GOOD},EUR\n{GOOD},CHF\n".encode(),
        "pos.csv:1:1: amounts are in several currencies (CHF, EUR); export one currency, or convert them first",
    ),
    "mostly unreadable": (
        f"{HEADER}\n{GOOD}\n1,2026-03-02 18:05,a,x,1.99\n1,2026-03-02 18:05,b,x,1.99\n".encode(),
        "pos.csv:3:1: 2 of 3 rows cannot be read, the first as quantity 'x' is not a number; look at --columns and at "
        "how the file was exported",
    ),
}


@pytest.mark.parametrize("kind", CSV)
def test_bad_files_are_told_what_is_wrong(write: Write, kind: str) -> None:
    content, message = CSV[kind]
    assert mistakes_of(write(content=content)) == [message]


def test_the_map_settles_what_the_file_leaves_open(write: Write, tmp_path: Path) -> None:
    path = write("1,03/04/2026 18:05,bread,1,1.234")
    columns = tmp_path / "map.yaml"
    columns.write_text("dates: D/M/Y\ndecimal: ','\n")
    with open_pos([path], columns) as pos:
        assert lines(pos, "t, net_sales") == [(datetime(2026, 4, 3, 18, 5), 1234.0)]


def test_files_that_are_not_there_folders_and_files_given_twice(write: Write, tmp_path: Path) -> None:
    assert mistakes_of(tmp_path / "no.csv", tmp_path / ".") == [
        f"{tmp_path}:1:1: this is a folder; name the files in it",
        "no.csv:1:1: the file does not exist; check the name and the folder",
    ]
    path = write(GOOD)
    assert mistakes_of(path, path) == ["pos.csv:1:1: the file is given twice; name it once"]


def test_a_file_without_rights(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """The superuser may read everything, so the refusal is played."""
    path, usual = write(GOOD), Path.open

    def refuse(self: Path, *words: str, **settings: str) -> object:
        if self == path:
            raise PermissionError(13, "Permission denied", str(path))
        return usual(self, *words, **settings)

    monkeypatch.setattr(Path, "open", refuse)
    assert mistakes_of(path) == [
        "pos.csv:1:1: the file cannot be read (permission denied); check its name and its permissions"
    ]


def test_files_with_other_columns_are_told_which_is_missing(write: Write) -> None:
    other = write("1,x", header="basket_id,timestamps", name="b.csv")
    assert mistakes_of(write(GOOD), other)[-1].endswith(
        "b.csv:1:1: column 'timestamp' of "
        + str(other.with_name("pos.csv"))
        + " is missing here; did you mean 'timestamps'?"
    )


def test_csv_and_parquet_do_not_mix(write: Write) -> None:
    paths = [write(GOOD), write(name="b.parquet", content=b"PAR1")]
    assert mistakes_of(*paths) == ["pos.csv:1:1: some files are CSV and some Parquet; give files of one kind"]


def test_progress_ends_at_all_bytes(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialect, "CHUNK", 200)
    path, seen = write(*[GOOD] * 100), []
    with open_pos([path], progress=lambda *told: seen.append(told)) as pos:
        assert [row[0] for row in lines(pos, "row")] == list(range(2, 102))
    reading = [told for told in seen if told[0] == "reading"]
    assert (len(reading) > 5, reading[-1]) == (True, ("reading", path.stat().st_size, path.stat().st_size))
    assert seen[-1] == ("reading numbers and times", 3, 3)


def test_nothing_is_left_on_disk(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    path = write(GOOD)
    with open_pos([path]) as pos:
        assert pos.rows == 1
        assert any(folder.iterdir())
    assert list(folder.iterdir()) == []
    assert sorted(each.name for each in tmp_path.iterdir()) == ["pos.csv", "temporary"]
    with pytest.raises(InputError), open_pos([write(content=CSV["points and commas"][0])]):
        pass
    assert list(folder.iterdir()) == []


AMOUNTS = st.integers(-10_000_000, 10_000_000).map(lambda cents: cents / 100)
NAMES = st.text(st.sampled_from("abä\"',;|\t \n€#ß"), min_size=1, max_size=12).filter(lambda text: text.split())


@st.composite
def dialects(draw: st.DrawFn) -> tuple[str, str, str, str]:
    """Return encoding, separator, decimal mark and date order."""
    decimal = draw(st.sampled_from(".,"))
    separator = draw(st.sampled_from(",;\t|" if decimal == "." else ";\t|"))
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
    return encoding, separator, decimal, draw(st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y"]))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(
    dialects(),
    st.lists(st.tuples(NAMES, AMOUNTS, st.datetimes(datetime(1990, 1, 1), datetime(2099, 1, 1))), max_size=8),
)
def test_whatever_the_dialect_the_same_numbers_are_read(
    write: Write, written: tuple[str, str, str, str], rows: list[tuple[str, float, datetime]]
) -> None:
    """A first row shows the decimal mark and the order of day and month, as any longer extract does."""
    encoding, separator, decimal, day = written
    rows = [("a", 0.99, datetime(2026, 3, 31, 12)), *rows]
    cells = [
        ("7", f"{t:{day} %H:%M:%S}", '"' + name.replace('"', '""') + '"', "1", f"{amount:.2f}".replace(".", decimal))
        for name, amount, t in rows
    ]
    text = "\n".join(separator.join(row) for row in (HEADER.split(","), *cells))
    with open_pos([write(content=text.encode(encoding))]) as pos:
        assert pos.unreadable == 0
        assert lines(pos, "product, net_sales, t") == [
            (name.replace("\n", " ").strip(), amount, t.replace(microsecond=0)) for name, amount, t in rows
        ]
