"""Tables beside the points of sale: names and promotions."""

from datetime import date
from pathlib import Path

import pytest

from storesim.calibrate.extract import open_pos
from storesim.calibrate.names_file import Facts, read_names
from storesim.calibrate.promotions_file import read_promotions
from storesim.inputs.mistakes import Mistakes

HEADER = "basket_id,timestamp,category,sku,quantity,net_sales,customer"
ROWS = ("1,2026-01-05 10:00:00,Milk,11,1,2.00,ann", "2,2026-01-06 11:00:00,Bread,12,1,3.00,bob")


@pytest.fixture
def sold(write) -> Path:
    """Two baskets of two customers."""
    return write(*ROWS, header=HEADER)


def promotions(sold: Path, table: Path) -> tuple[str | None, list[tuple[object, ...]], list[str]]:
    mistakes = Mistakes()
    with open_pos([sold]) as pos:
        item = read_promotions(pos.db, table, mistakes)
        rows = pos.db.execute("SELECT * FROM promotion ORDER BY ALL").fetchall() if item else []
    return item, rows, [found.what for found in mistakes.found]


def test_a_week_is_that_of_its_day_and_codes_of_places_are_a_yes(sold: Path, write) -> None:
    table = write("11,7,2026-01-07,9,0", "12,,2026-01-12,0,A", header="ean,store,week,display,feature", name="p.csv")
    item, rows, wrong = promotions(sold, table)
    assert (item, wrong) == ("sku", [])
    assert rows == [
        ("11", "7", date(2026, 1, 5), True, False),
        ("12", None, date(2026, 1, 12), False, True),
    ]


def test_a_week_counts_from_four_days_on_and_a_short_promotion_always(sold: Path, write) -> None:
    table = write(
        "Milk,2026-01-08,2026-01-20", "Bread,2026-01-17,2026-01-18", header="category,from,until", name="p.csv"
    )
    item, rows, wrong = promotions(sold, table)
    assert (item, wrong) == ("product", [])
    assert [(row[0], str(row[2]), row[3]) for row in rows] == [
        ("Bread", "2026-01-12", True),
        ("Milk", "2026-01-05", True),
        ("Milk", "2026-01-12", True),
    ]


@pytest.mark.parametrize(
    ("header", "row", "complaint"),
    [
        ("sku,display", "11,1", "column 'first' is missing"),
        ("week,display", "2026-01-05,1", "column 'product' or 'sku' is missing"),
        ("sku,week", "11,05/01/2026", "1 rows have a day that cannot be read, such as '05/01/2026'"),
        ("sku,week", "99,2026-01-05", "none of its items is sold"),
    ],
)
def test_what_is_wrong_with_promotions(sold: Path, write, header: str, row: str, complaint: str) -> None:
    _, _, wrong = promotions(sold, write(row, header=header, name="p.csv"))
    assert any(complaint in what for what in wrong), wrong


def test_names_are_read_whatever_their_case_and_two_for_one_product_are_refused(write) -> None:
    mistakes = Mistakes()
    path = write("FLUID  MILK,Milk", "cream,MILK", "Cream,butter", header="product,name", name="n.csv")
    assert read_names(path, mistakes).names == {"fluid milk": "milk", "cream": "milk"}
    assert ["'cream' is called 'milk' above" in found.what for found in mistakes.found] == [True]


def test_a_table_of_names_may_say_what_no_transaction_tells(write) -> None:
    mistakes = Mistakes()
    header = "product,name,department,category,margin,impulse_share"
    rows = ("CREAM,milk,Chilled,Dairy,25%,", "milk,milk,,dairy,0.25,", "TEA,tea,,,,0.3")
    path = write(*rows, header=header, name="n.csv")
    words = read_names(path, mistakes)
    assert not mistakes.found
    assert words.departments == {"cream": "chilled"}
    assert words.facts == {"milk": Facts("dairy", 0.25, None), "tea": Facts(None, None, 0.3)}


def test_wrong_facts_are_told_with_their_place(write) -> None:
    mistakes = Mistakes()
    path = write("a,milk,0.2", "b,milk,0.3", "c,tea,1.2", header="product,name,margin", name="n.csv")
    read_names(path, mistakes)
    assert [(found.line, found.what) for found in mistakes.found] == [
        (3, "'milk' has another category, margin or impulse share above; keep one of each"),
        (4, "'margin' is '1.2'; write a share from 0 to 1"),
    ]
