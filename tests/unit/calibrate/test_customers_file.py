"""The table of customers: who consents, who is in which tier, and what is wrong with it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from storesim.calibrate.customers_file import read_customers
from storesim.calibrate.extract import Pos, open_pos
from storesim.inputs.mistakes import Mistakes

HEADER = "basket_id,timestamp,product,quantity,net_sales,customer"
ROWS = tuple(f"{n},2026-01-0{n} 10:00:00,Milk,1,2.00,{who}" for n, who in enumerate(("ann", "bob", "cid"), start=1))


@pytest.fixture
def sold(write: Callable[..., Path]) -> Path:
    """Three baskets of three customers."""
    return write(*ROWS, header=HEADER)


def read(sold: Path, table: Path) -> tuple[int, list[str | None], list[tuple[str, str | None]]]:
    """Return how many lines were forgotten, whose the lines are now, and the tiers."""
    mistakes = Mistakes()
    with open_pos([sold]) as pos:
        forgotten = read_customers(pos, table, mistakes)
        assert not mistakes.found
        return forgotten, [row[0] for row in _rows(pos, "SELECT customer FROM line ORDER BY basket")], _tiers(pos)


def _rows(pos: Pos, query: str) -> list[tuple[str, ...]]:
    return pos.db.execute(query).fetchall()


def _tiers(pos: Pos) -> list[tuple[str, str | None]]:
    there = _rows(pos, "SELECT 1 FROM information_schema.tables WHERE table_name = 'tier_list'")
    return _rows(pos, "SELECT customer, tier FROM tier_list ORDER BY customer") if there else []


def test_who_is_not_on_the_list_or_says_no_is_forgotten(sold: Path, write) -> None:
    table = write("ann,yes", "bob,no", "dan,yes", header="customer,consent", name="c.csv")
    assert read(sold, table) == (2, ["ann", None, None], [])


def test_tiers_are_read_of_those_who_consent_only(sold: Path, write) -> None:
    header = "Kundennummer,Einwilligung,Kundenstatus"
    table = write("ann,ja,Gold  Plus", "bob,nein,Gold", header=header, name="c.csv")
    assert read(sold, table) == (2, ["ann", None, None], [("ann", "gold plus")])


def test_without_a_consent_column_who_is_not_on_the_list_is_a_guest(sold: Path, write) -> None:
    table = write("ann,Gold", "bob,", "dan,Gold", header="household_id,card_type", name="c.csv")
    assert read(sold, table) == (1, ["ann", "bob", None], [("ann", "gold"), ("bob", None), ("dan", "gold")])


def test_a_tier_called_guest_is_none(sold: Path, write) -> None:
    table = write("ann,GUEST", "bob,gold", "cid,Gast", header="customer,tier", name="c.csv")
    assert [tier for _, tier in read(sold, table)[2]] == [None, "gold", None]


@pytest.mark.parametrize(
    ("header", "rows", "complaints"),
    [
        ("tier,consent", ["gold,yes"], ["c.csv:1:1: column 'customer' is missing; add it to the header"]),
        ("customer,shoes", ["ann,40"], ["c.csv:1:1: column 'consent' or 'tier' is missing; add it to the header"]),
        ("customer,tier", ["ann,gold", "bob,gold", "ann,blue", "ann,gold"],
         ["c.csv:4:1: this customer is on line 2 already; keep one of the rows",
          "c.csv:5:1: this customer is on line 2 already; keep one of the rows"]),
        ("customer,tier", ["7,gold"],
         ["c.csv:1:1: none of its customers is in the points of sale; write their names as there"]),
    ],
)  # fmt: skip
def test_wrong_tables_are_told_by_line_and_name_nobody(
    sold: Path, write, header: str, rows: list[str], complaints: list[str]
) -> None:
    mistakes = Mistakes()
    with open_pos([sold]) as pos:
        assert read_customers(pos, write(*rows, header=header, name="c.csv"), mistakes) == 0
    assert [
        str(found).partition("c.csv")[1] + str(found).partition("c.csv")[2] for found in mistakes.found
    ] == complaints


def test_a_table_that_cannot_be_read_is_wrong_input(sold: Path, write) -> None:
    mistakes = Mistakes()
    with open_pos([sold]) as pos:
        read_customers(pos, write(content=b"customer,consent\n\xff\xfe\xfd,yes\n", name="c.csv"), mistakes)
        read_customers(pos, sold.with_name("none.csv"), mistakes)
    assert len(mistakes) == 2


def test_sales_without_customers_have_no_use_for_the_table(write) -> None:
    mistakes = Mistakes()
    with open_pos([write("1,2026-01-01 10:00:00,Milk,1,2.00")]) as pos:
        read_customers(pos, write("ann,yes", header="customer,consent", name="c.csv"), mistakes)
    assert "the points of sale have no customer column" in mistakes.found[0].what
