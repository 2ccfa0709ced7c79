from datetime import date

import pytest

from storesim.calibrate.cleaning import Cleaned, clean, read_holdout
from storesim.calibrate.extract import open_pos
from storesim.calibrate.off_floor import kind_of
from storesim.inputs.mistakes import InputError

from .conftest import Write

HEADER = "basket_id,timestamp,product,department,quantity,net_sales,store,customer"
Clean = dict[str, tuple[int, float]]


def row(
    basket: object, product: str = "bread", quantity: object = 1, net_sales: object = "2.00", **more: object
) -> str:
    said = {"at": "2026-03-02 18:05:00", "department": "bakery", "store": "A", "customer": ""} | more
    at, department, store, customer = (said[name] for name in ("at", "department", "store", "customer"))
    return f"{basket},{at},{product},{department},{quantity},{net_sales},{store},{customer}"


def cleaned(write: Write, *rows: str, **asked: object) -> tuple[Clean, list[tuple[object, ...]], Cleaned]:
    """Return what rules found (those that found something), what is left, and all that cleaning says."""
    with open_pos([write(*rows, header=HEADER)]) as pos:
        done = clean(pos, **asked)  # type: ignore[arg-type]
        left = pos.db.execute("SELECT basket, product, quantity, net_sales FROM clean ORDER BY row").fetchall()
    return {rule.name: (rule.lines, rule.net_sales) for rule in done.rules if rule.lines}, left, done


SOME = tuple(row(f"s{k}") for k in range(30))


def test_clean_rows_stay_as_they_are(write: Write) -> None:
    found, left, done = cleaned(write, *SOME)
    assert (found, len(left), done.lines_before, done.baskets) == ({}, 30, 30, 30)


def test_a_refund_is_left_out_with_the_line_that_it_takes_back(write: Write) -> None:
    rows = [row(1), row(1), row(1, net_sales="-2.00", quantity=-1), row(2, net_sales="-2.00")]
    found, left, _ = cleaned(write, *SOME, *rows)
    assert found == {"refunds": (2, -4.0), "cancelled": (1, 2.0)}
    assert [each[0] for each in left[30:]] == ["1"]


def test_lines_without_quantity_sales_or_product(write: Write) -> None:
    found, left, _ = cleaned(
        write, *SOME, row(1, quantity=0), row(1, quantity=-1), row(1, net_sales=0), row(1, product="")
    )
    assert found == {"no quantity": (2, 4.0), "no sales": (1, 0.0), "no product": (1, 2.0)}
    assert len(left) == 30


def test_what_does_not_stand_on_the_floor_is_left_out_by_name(write: Write) -> None:
    rows = [
        row(1, department="FUEL", product="super", net_sales=60, quantity=40123),
        row(1, product="COUPON/MISC ITEMS"),
        row(1, department="Tabak"),
    ]
    found, _, done = cleaned(write, *SOME, *rows, drop_departments=["tabak"])
    assert found == {"not shop floor": (3, 64.0)}
    assert done.off_floor == (
        ("department", "FUEL", "fuel"),
        ("department", "Tabak", "as asked"),
        ("product", "COUPON/MISC ITEMS", "coupons and discounts"),
    )


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("FUEL", "fuel"), ("Tankstelle", "fuel"), ("Carburants", "fuel"), ("Gasolinera", "fuel"), ("Brandstof", "fuel"),
        ("Gift Cards", "gift cards"), ("Geschenkkarten", "gift cards"), ("Gutschein", "gift cards"),
        ("Pfand 0,25 EUR", "deposits and bags"), ("Lotería", "lottery"), ("MISCELLANEOUS", "miscellaneous"),
        ("Divers", "miscellaneous"), ("unbekannt", "unknown"), ("Pharmacy RX", None), ("Duraflame fuel log", None),
        ("GREETING CARDS/WRAP/PARTY SPLY", None), ("MEAT - MISC", None),
        ("Coupled rings", None), (None, None), ("", None),
    ],
)  # fmt: skip
def test_names_off_the_floor_are_compared_as_a_whole(name: str | None, kind: str | None) -> None:
    assert kind_of(name) == kind


def test_prescriptions_go_only_where_asked_for() -> None:
    assert kind_of("Pharmacy RX", pharmacy=True) == "pharmacy"


def test_weighed_goods_count_once_a_line(write: Write) -> None:
    rows = [
        row(1, "bananas", "0.532", "1.20"),
        row(2, "bananas", "1.000", "2.00"),
        row(3, quantity=89638, net_sales="2.00"),
    ]
    found, left, _ = cleaned(write, *SOME, *rows)
    assert found == {"weighed goods": (2, 3.2)}
    assert left[30:] == [("1", "bananas", 1.0, 1.2), ("2", "bananas", 1.0, 2.0), ("3", "bread", 1.0, 2.0)]


def test_many_pieces_of_a_cheap_product_stay_many(write: Write) -> None:
    found, left, _ = cleaned(write, *SOME, row(1, quantity=60, net_sales="90.00"))
    assert (found, left[30][2]) == ({}, 60.0)


def test_a_price_keyed_wrong_is_left_out(write: Write) -> None:
    found, _, _ = cleaned(write, *SOME, row(1, net_sales="1999.00"), row(2, net_sales="0.01"))
    assert found == {"price outliers": (2, 1999.01)}


def test_a_basket_exported_twice_counts_once_and_a_product_scanned_twice_counts_twice(write: Write) -> None:
    rows = [row(1), row(1, "milk"), row(2), row(2), row(1), row(1, "milk")]
    found, left, done = cleaned(write, *SOME, *rows)
    assert found == {"duplicates": (2, 4.0)}
    assert [each[:2] for each in left[30:]] == [("1", "bread"), ("1", "milk"), ("2", "bread"), ("2", "bread")]
    assert "a product scanned twice" in next(rule.reason for rule in done.rules if rule.name == "duplicates")


def test_where_the_till_adds_up_an_equal_row_is_a_copy(write: Write) -> None:
    rows = [row(1, quantity=3), row(2), row(2), row(2, "milk")]
    found, left, _ = cleaned(write, *SOME, *rows)
    assert (found, len(left)) == ({"duplicates": (1, 2.0)}, 33)


def test_baskets_in_two_stores_of_two_customers_or_over_hours(write: Write) -> None:
    rows = [
        row(1, "milk", store="A"), row(1, store="B"),
        row(2, "milk", customer="x"), row(2, customer="y"),
        row(3, "milk"), row(3, at="2026-03-02 22:05:00"),
        row(4, "milk"), row(4, at="2026-03-02 20:05:00"),
    ]  # fmt: skip
    found, left, done = cleaned(write, *SOME, *(row(f"t{k}") for k in range(40)), *rows)
    assert found == {"several stores": (2, 4.0), "several customers": (2, 4.0), "several times": (2, 4.0)}
    assert ([each[0] for each in left[70:]], done.baskets) == (["4", "4"], 71)


def test_basket_numbers_used_again_in_each_store_are_told_apart(write: Write) -> None:
    rows = [row(k, product, store=store) for store in "AB" for k in range(20) for product in ("milk", "bread")]
    found, _, done = cleaned(write, *rows)
    assert (found, done.baskets) == ({}, 40)
    assert done.notes == (
        "Basket numbers are used again (100% in several shops or days): a basket is a number, a shop and a day.",
    )


def test_every_line_is_counted_once(write: Write) -> None:
    rows = [
        row(1, net_sales=-1, quantity=0),
        row(2, quantity=0, department="FUEL"),
        row(3, net_sales=999),
        row(4),
        row(4),
    ]
    _, _, done = cleaned(write, *SOME, *rows)
    dropped = [rule for rule in done.rules if rule.action == "left out"]
    assert done.lines + sum(rule.lines for rule in dropped) == done.lines_before
    assert done.net_sales + sum(rule.net_sales for rule in dropped) == pytest.approx(done.net_sales_before)


def test_the_regular_price_follows_a_quantity_set_to_one(write: Write) -> None:
    rows = ["1,2026-03-02 18:05:00,bananas,0.5,1.00,1.00"] * 3
    with open_pos([write(*rows, header="basket_id,timestamp,product,quantity,net_sales,discount")]) as pos:
        clean(pos)
        assert pos.db.execute("SELECT DISTINCT quantity, regular_price FROM clean").fetchall() == [(1.0, 2.0)]


def test_days_are_held_out_by_the_shops_calendar(write: Write) -> None:
    """22:30 in Universal Time on the 2nd is 23:30 in Berlin, 23:30 is the 3rd."""
    rows = [row(k, at=at) for k, at in enumerate(["2026-03-02 22:30:00", "2026-03-02 23:30:00"])]
    with open_pos([write(*rows, header=HEADER)]) as pos:
        clean(pos, timezone="Europe/Berlin", holdout=read_holdout("2026-03-03.."))
        days = [pos.db.table(name).project("t::DATE").fetchall() for name in ("clean", "held_out")]
    assert days == [[(date(2026, 3, 2),)], [(date(2026, 3, 3),)]]


@pytest.mark.parametrize("text", ["2026-06-01", "..", "2026-06-31..", "2026-06-02..2026-06-01"])
def test_a_span_of_days_that_makes_no_sense(text: str) -> None:
    with pytest.raises(ValueError, match=";"):
        read_holdout(text)


def test_what_is_asked_for_must_exist(write: Write) -> None:
    with pytest.raises(InputError) as caught:
        cleaned(write, *SOME, drop_departments=["bakry"], timezone="Europe/Berln")
    said = [each.what for each in caught.value.mistakes]
    assert said == [
        "--timezone 'Europe/Berln' is unknown; did you mean 'Europe/Berlin'?",
        "department 'bakry' is not in the extract; did you mean 'bakery'?",
    ]


def test_an_extract_of_refunds_only_leaves_nothing(write: Write) -> None:
    with pytest.raises(InputError, match="cleaning left no row"):
        cleaned(write, row(1, net_sales=-1))
