"""Tables beside the points of sale: names, promotions, consent."""

from datetime import date
from pathlib import Path

import pytest

from storesim.calibrate.customers_file import forget_refused
from storesim.calibrate.extract import open_pos
from storesim.calibrate.names_file import read_names
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


def test_who_is_not_on_the_list_or_says_no_is_forgotten(sold: Path, write) -> None:
    table = write("ann,yes", "cid,yes", header="customer,consent", name="c.csv")
    mistakes = Mistakes()
    with open_pos([sold]) as pos:
        assert forget_refused(pos, table, mistakes) == 1
        assert pos.db.execute("SELECT customer FROM line ORDER BY basket").fetchall() == [("ann",), (None,)]
    assert not mistakes.found


def test_names_are_read_whatever_their_case_and_two_for_one_product_are_refused(write) -> None:
    mistakes = Mistakes()
    path = write("FLUID  MILK,Milk", "cream,MILK", "Cream,butter", header="product,name", name="n.csv")
    assert read_names(path, mistakes) == {"fluid milk": "milk", "cream": "milk"}
    assert ["'cream' is called 'milk' above" in found.what for found in mistakes.found] == [True]
