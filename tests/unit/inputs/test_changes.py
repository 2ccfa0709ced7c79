"""Changes and promotions: what moves, what gives way, and what cannot be."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storesim.inputs.case import Placement
from storesim.inputs.relocate import NoRoomError, key_of, move_beside

COFFEE_BESIDE_MILK = "changes: [{move_product: coffee, beside: milk}]"


def bays(case: Any, product: str) -> list[tuple[str, int, float]]:
    return [(str(key_of(p)), p.bay, p.metres) for p in case.placements if p.product == product]


def test_a_moved_product_takes_the_shelf_nearest_beside_the_other(store: Any) -> None:
    store.add_to_other(COFFEE_BESIDE_MILK)
    other = store.other()
    assert bays(other, "coffee") == [("G2/west/2", 2, 2.0), ("G2/west/3", 3, 2.0)]
    assert bays(other, "milk") == [("G2/west/1", 1, 2.0)]
    assert bays(other, "biscuits") == [("G1/west/1", 1, 2.0)]
    assert bays(other, "sugar") == [("G2/west/4", 4, 2.0), ("G1/west/2", 2, 2.0)]
    assert other.changes == (
        "coffee beside milk: 4.0 m at G2/west/2-3, from G1/west/1-2;"
        " displaced to its old shelf: biscuits 2.0 m, sugar 2.0 m",
    )


def test_a_product_that_stands_there_already_stays(store: Any) -> None:
    store.add_to_other("changes: [{move_product: tea, beside: coffee}]")
    plain, other = store.load().cases
    assert other.placements == plain.placements
    assert other.changes == ("tea stands beside coffee already",)


def test_bays_of_equal_length_trade_what_stands_on_them(store: Any) -> None:
    store.add_to_other("changes: [{swap: [G1/west/1-2, G2/west/1-2]}]")
    other = store.other()
    assert bays(other, "coffee") == [("G2/west/1", 1, 2.0), ("G2/west/2", 2, 2.0)]
    assert bays(other, "milk") == [("G1/west/1", 1, 2.0)]
    assert bays(other, "biscuits") == [("G1/west/2", 2, 2.0)]
    assert other.changes == ("G1/west/1-2 and G2/west/1-2 trade what stands on them",)


def test_a_display_on_free_shelf_displaces_nothing(store: Any) -> None:
    store.add_to_other("changes: [{add_display: coffee, at: T1/south}]")
    other = store.other()
    shown = [p for p in other.placements if p.display]
    assert shown == [Placement("coffee", "T1", "south", 1, (1, 1), 1.0, display=True)]
    assert bays(other, "coffee")[:2] == [("G1/west/1", 1, 2.0), ("G1/west/2", 2, 2.0)]
    assert other.changes == ("coffee also displayed at T1/south/1 (1.0 m)",)


def test_a_display_on_full_shelf_makes_the_others_narrower(store: Any) -> None:
    store.add_to_other("changes: [{add_display: coffee, at: G2/west/3}]")
    other = store.other()
    assert bays(other, "sugar") == [("G2/west/3", 3, 1.0), ("G2/west/4", 4, 2.0)]
    assert other.changes == ("coffee also displayed at G2/west/3 (1.0 m); displaced: sugar 1.0 m",)


def test_a_moved_fixture_takes_its_bays_along_and_nothing_else_moves(store: Any) -> None:
    store.add_to_other("changes: [{move_fixture: T1, to: [8, 5]}]")
    plain, other = store.load().cases
    old, new = plain.plan.fixtures[-1], other.plan.fixtures[-1]
    assert other.plan.fixtures[:-1] == plain.plan.fixtures[:-1]
    assert new.outline == tuple((x + 4, y + 4) for x, y in old.outline)
    for face, moved in zip(old.faces, new.faces, strict=True):
        assert moved.normal == face.normal
        assert moved.bays[0].left == (face.bays[0].left[0] + 4, face.bays[0].left[1] + 4)
    assert other.changes == ("T1 moved to [8, 5]",)


def test_a_fixture_moves_in_the_units_of_its_layout_by_the_corner_before_rotation(store: Any) -> None:
    text = (
        "layout: small\nunits: cm\nfloor: {size: [1000, 800]}\ndoors: [{id: main, at: [100, 0]}]\n"
        "checkouts: [{id: till, kind: cashier, lanes: 1, box: [800, 100, 100, 100], queue: north, exit: south}]\n"
        "fixtures:\n  - {id: G1, kind: gondola, box: [200, 300, 200, 100], rotate: 30}\n"
    )
    store.write("layout.yaml", text)
    store.write("planogram.csv", "product,fixture,face\ncoffee,G1,north\n")
    store.add_to_other("changes: [{move_fixture: G1, to: [500, 400]}]")
    store.write("moved.yaml", text.replace("box: [200, 300,", "box: [500, 400,"))
    store.change("scenario.yaml", "variants:", "variants:\n  drawn: {base: plain, layout: moved.yaml}")
    by_name = {case.name: case.plan.fixtures[0] for case in store.load().cases}
    for moved, drawn in zip(by_name["other"].outline, by_name["drawn"].outline, strict=True):
        assert moved == pytest.approx(drawn)


def test_changes_are_made_in_order(store: Any) -> None:
    store.add_to_other("changes: [{swap: [G1/west/1-2, G1/west/3-4]}, {swap: [G1/west/3-4, G2/east/1-2]}]")
    assert bays(store.other(), "coffee") == [("G2/east/1", 1, 2.0), ("G2/east/2", 2, 2.0)]


MISTAKES = {
    "unknown products": (
        "{move_product: cofee, beside: tee}",
        [
            "18:30: product 'cofee' is not in products.csv; did you mean 'coffee'?",
            "18:45: product 'tee' is not in products.csv; did you mean 'tea'?",
        ],
    ),
    "beside itself": ("{move_product: tea, beside: Tea}", ["18:43: 'tea' cannot stand beside itself; name another"]),
    "no key": ("{move_product: milk}", ["18:15: key 'beside' is missing; add it"]),
    "no change": (
        "{move: milk}",
        [
            "18:15: item 1 of 'changes' is a group of keys;"
            " write a change that begins with one of move_product, swap, add_display, move_fixture"
        ],
    ),
    "unknown key": (
        "{move_product: milk, beside: te, besid: tea}",
        [
            "18:44: product 'te' is not in products.csv; did you mean 'tea'?",
            "18:48: unknown key 'besid'; did you mean 'beside'?",
        ],
    ),
    "metres": ("{move_product: milk, beside: tea, metres: 3}", ["18:57: 'metres' is 3; write 'same'"]),
    "bay and fixture": (
        "{swap: [G1/west/1-9, G3/west/3]}",
        [
            "18:23: G1/west has no bays 1-9; it has bays 1 to 4",
            "18:36: fixture 'G3' is not in layout 'small'; choose from 'G1', 'G2', 'wide', 'T1'",
        ],
    ),
    "not so many bays": (
        "{swap: [G1/west/1-2, G2/west/3]}",
        [
            "18:36: G1/west/1-2 (2 bays, 2 m, 2 levels) cannot trade with G2/west/3 (1 bay, 1 m, 2 levels);"
            " swap as many bays of the same width and levels"
        ],
    ),
    "not so wide bays": (
        "{swap: [G1/west/1-2, wide/west]}",
        [
            "18:36: G1/west/1-2 (2 bays, 2 m, 2 levels) cannot trade with wide/west/1-2 (2 bays, 4 m, 2 levels);"
            " swap as many bays of the same width and levels"
        ],
    ),
    "overlap": (
        "{swap: [G1/west/1-2, G1/west/2-3]}",
        ["18:36: G1/west/1-2 and G1/west/2-3 overlap; swap bays that are apart"],
    ),
    "one place": ("{swap: [G1/west/1-2]}", ["18:22: 'swap' has 1 value; write 2"]),
    "unreadable place": (
        "{swap: [G1/a/b/c, G1]}",
        ["18:23: place 'G1/a/b/c' cannot be read; write a fixture, or like G4/west/3-5"],
    ),
    "there already": (
        "{add_display: coffee, at: G1}",
        ["18:41: 'coffee' stands on G1/west/1 already; choose another place"],
    ),
    "unknown display": (
        "{add_display: cofee, at: T2}",
        [
            "18:29: product 'cofee' is not in products.csv; did you mean 'coffee'?",
            "18:40: fixture 'T2' is not in layout 'small'; choose from 'G1', 'G2', 'wide', 'T1'",
        ],
    ),
    "overlapping": (
        "{move_fixture: T1, to: [6, 5]}",
        ["18:38: fixture 'T1' overlaps fixture 'G2' by 1.00 x 1.00 m; move one of them"],
    ),
    "outside": (
        "{move_fixture: T1, to: [60, 5]}",
        ["18:38: fixture 'T1' reaches 49.00 m beyond the floor; move it inside"],
    ),
    "unknown fixture": (
        "{move_fixture: T9, to: [6, 5]}",
        ["18:30: fixture 'T9' is not in layout 'small'; choose from 'G1', 'G2', 'wide', 'T1'"],
    ),
}


@pytest.mark.parametrize(("change", "told"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_change_that_cannot_be_is_told_in_the_scenario(store: Any, change: str, told: list[str]) -> None:
    store.add_to_other(f"changes: [{change}]")
    assert store.mistakes() == [f"scenario.yaml:{line}" for line in told]


def test_a_product_needs_a_home_to_move(store: Any) -> None:
    store.change("planogram.csv", "milk,G2,west,1,,2,,\n", "")
    store.add_to_other("changes: [{move_product: milk, beside: tea}]")
    assert store.mistakes() == ["scenario.yaml:18:30: 'milk' has no place in the planogram; give it one there"]


def test_a_product_needs_room_beside_the_other(store: Any) -> None:
    store.change("planogram.csv", "sugar,G2,west,3-4,,,,", "sugar,wide,west,1-2,,,,")
    store.add_to_other("changes: [{move_product: coffee, beside: sugar}]")
    assert store.mistakes() == [
        "scenario.yaml:18:46: 'coffee' takes 4 m, and 0 m on wide are not 'sugar''s own;"
        " choose another product to stand beside"
    ]


def test_nothing_moves_on_a_plan_without_measures(store: Any) -> None:
    store.write(
        "layout.yaml",
        "layout: kiosk\nzones: [{id: a, area: 9, shelves: [{id: S, metres: 4}]}, {id: b, area: 9}]\n"
        "doors: [{id: main, zone: b}]\ncheckouts: [{id: till, kind: cashier, lanes: 1, zone: b}]\n"
        "links: [{between: [a, b], metres: 5}]\n",
    )
    store.write("planogram.csv", "product,fixture\ncoffee,S\n")
    store.add_to_other("changes: [{move_fixture: S, to: [1, 1]}]")
    assert store.mistakes() == [
        "scenario.yaml:18:30: layout 'kiosk' has no measures, so 'S' cannot move; change its zone in the layout"
    ]


PROMOTION = (
    "promotions: [{product: coffee, at: T1/south, price_cut: 20%, hours: 16:00-18:00,"
    " dates: [2026-03-02, 2026-03-04], for: {tier: MEMBER, segment: [others]}, funded: 0.1, set_up_cost: 80}]"
)


def test_a_promotion_comes_as_written(store: Any) -> None:
    store.add_to_other(PROMOTION)
    other = store.other()
    (offer,) = other.promotions
    assert (offer.product, offer.at, offer.price_cut) == ("coffee", (("T1", "south", 1),), 0.2)
    assert (offer.from_s, offer.until_s) == (16 * 3600, 18 * 3600)
    assert (str(offer.first_day), str(offer.last_day)) == ("2026-03-02", "2026-03-04")
    assert (offer.tiers, offer.segments) == (frozenset({"member"}), frozenset({"others"}))
    assert (offer.funded, offer.set_up_cost) == (0.1, 80)
    assert other.changes == (
        "coffee on display at T1/south, 20 % off, 16:00-18:00, 2026-03-02 to 2026-03-04, for member and others",
    )


def test_a_promotion_without_a_face_shows_on_all_of_them(store: Any) -> None:
    store.add_to_other("promotions: [{product: coffee, at: T1}]")
    (offer,) = store.other().promotions
    assert [face for _, face, _ in offer.at] == ["north", "east", "south", "west"]
    assert (offer.price_cut, offer.from_s, offer.until_s) == (0, 8 * 3600, 20 * 3600)
    assert (offer.first_day, offer.tiers, offer.segments) == (None, None, None)


PROMOTION_MISTAKES = {
    "all references": (
        "{product: cofee, at: T2, price_cut: 0%, hours: 06:00-09:00, dates: [2026-03-01, 2026-03-08],"
        " for: {tier: [membr], segment: nobody}}",
        [
            "18:28: product 'cofee' is not in products.csv; did you mean 'coffee'?",
            "18:39: fixture 'T2' is not in layout 'small'; choose from 'G1', 'G2', 'wide', 'T1'",
            "18:54: a price cut of 0 % cannot be; write one between 0 and 100 %",
            "18:65: hours 06:00-09:00 reach outside the opening hours 08:00-20:00; keep within them",
            "18:85: dates 2026-03-01 to 2026-03-08 reach outside the calendar, 2026-03-02 to 2026-03-08;"
            " keep within it",
            "18:124: tier 'membr' is not in segments.yaml; did you mean 'member'?",
            "18:141: segment 'nobody' is not in segments.yaml; choose from 'regulars', 'others'",
        ],
    ),
    "for nothing": (
        "{product: coffee}",
        ["18:18: the promotion changes nothing; write a price_cut, a place (at), or both"],
    ),
    "no product": ("{price_cut: 10%}", ["18:18: key 'product' is missing; add it"]),
    "free": (
        "{product: tea, price_cut: 100%}",
        ["18:44: a price cut of 100 % cannot be; write one between 0 and 100 %"],
    ),
    "dearer": (
        "{product: tea, price_cut: -0.2}",
        ["18:44: a price cut of -20 % cannot be; write one between 0 and 100 %"],
    ),
    "in words": ("{product: tea, price_cut: half}", ["18:44: 'half' is not a share; write 20% or 0.2"]),
    "backwards": (
        "{product: coffee, at: T1, dates: [2026-03-05, 2026-03-03]}",
        ["18:51: dates end on 2026-03-03, before they begin; swap them"],
    ),
    "one date": ("{product: coffee, at: T1, dates: [2026-03-05]}", ["18:51: 'dates' has 1 value; write 2"]),
    "funded below 0": (
        "{product: coffee, at: T1, funded: -1}",
        ["18:52: 'funded' is -1; write a number of at least 0"],
    ),
    "no such bay": ("{product: coffee, at: G1/west/7}", ["18:40: G1/west has no bay 7; it has bays 1 to 4"]),
}


@pytest.mark.parametrize(("offer", "told"), PROMOTION_MISTAKES.values(), ids=PROMOTION_MISTAKES.keys())
def test_a_promotion_that_cannot_be_is_told(store: Any, offer: str, told: list[str]) -> None:
    store.add_to_other(f"promotions: [{offer}]")
    assert store.mistakes() == [f"scenario.yaml:{line}" for line in told]


def test_a_price_cut_without_display_needs_a_home(store: Any) -> None:
    store.change("planogram.csv", "milk,G2,west,1,,2,,\n", "")
    store.add_to_other("promotions: [{product: milk, price_cut: 20%}]")
    assert store.mistakes() == [
        "scenario.yaml:18:28: 'milk' has no place in the planogram; give it one, or a display (at)"
    ]


@st.composite
def shelves(draw: st.DrawFn) -> tuple[Placement, ...]:
    """Return placements on two faces of one fixture, at most one a product and bay."""
    places = st.tuples(st.sampled_from("abcde"), st.sampled_from(["east", "west"]), st.integers(1, 4))
    found = draw(st.lists(places, min_size=2, max_size=20, unique=True))
    metres = st.floats(0.1, 4)
    return tuple(Placement(p, "G", face, bay, (1, 2), draw(metres)) for p, face, bay in found)


@given(shelves(), st.permutations("abcde"))
def test_moving_a_product_keeps_the_metres_of_every_bay_and_product(
    standing: tuple[Placement, ...], names: list[str]
) -> None:
    present = [name for name in names if any(p.product == name for p in standing)]
    if len(present) < 2:
        return
    try:
        moved = move_beside(standing, present[0], present[1])
    except NoRoomError:
        return
    for key in (key_of, lambda placement: placement.product):
        before, after = Counter(), Counter()
        for placements, total in ((standing, before), (moved.placements, after)):
            for placement in placements:
                total[key(placement)] += placement.metres
        assert dict(after) == pytest.approx(dict(before))
    places = [(p.product, key_of(p)) for p in moved.placements]
    assert len(places) == len(set(places))
