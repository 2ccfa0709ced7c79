"""What stands where: homes and displays of the small shop, resolved to its bays."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from storesim.experiment.replication import Ready
from storesim.inputs.case import Case, Placement, Promotion, Scenario
from storesim.store.floor import Floor
from storesim.store.shelves import Shelves, fill


def spots(shelves: Shelves, presence: int) -> list[tuple[int, float, float]]:
    """Return the (bay, metres, height) of a presence."""
    rows = slice(shelves.first[presence], shelves.first[presence + 1])
    columns = (shelves.bay[rows], shelves.metres[rows], shelves.height[rows])
    return list(zip(*(column.tolist() for column in columns), strict=True))


@pytest.fixture
def floor(small_ready: Ready) -> Floor:
    return small_ready.shops[0].floor


@pytest.fixture
def number(small_scenario: Scenario) -> dict[str, int]:
    return {p.id: i for i, p in enumerate(small_scenario.products)}


@pytest.fixture
def refill(small_scenario: Scenario, floor: Floor) -> Callable[..., Shelves]:
    """Fill the baseline's floor with other placements or promotions."""

    def filled(**changes: object) -> Shelves:
        case: Case = replace(small_scenario.cases[0], **changes)  # type: ignore[arg-type]
        return fill(case, small_scenario.products, floor)

    return filled


def test_a_home_stands_where_the_planogram_says(small_ready: Ready, floor: Floor, number: dict[str, int]) -> None:
    """Milk: chilled wall, bays 1 and 2 of 1.25 m, levels 2 and 3 of 5: 2.5 m a bay, at three eighths of the height."""
    places = floor.places
    milk = spots(small_ready.shops[0].shelves, number["milk"])
    assert milk == [
        (places.bay("chilled wall", "south", 1), 2.5, 0.375),
        (places.bay("chilled wall", "south", 2), 2.5, 0.375),
    ]


def test_the_only_level_of_a_chest_is_half_way_up(small_ready: Ready, number: dict[str, int]) -> None:
    assert [height for _, _, height in spots(small_ready.shops[0].shelves, number["ice cream"])] == [0.5]


def test_presences_are_the_homes_in_order_of_the_products(small_ready: Ready, small_scenario: Scenario) -> None:
    shelves = small_ready.shops[0].shelves
    assert shelves.product.tolist() == list(range(len(small_scenario.products)))
    assert not shelves.display.any()
    assert set(shelves.promotion.tolist()) == {-1}
    assert np.array_equal(np.bincount(shelves.presence), np.diff(shelves.first))


def test_all_metres_of_the_planogram_are_on_the_shelves(small_ready: Ready) -> None:
    for shop in small_ready.shops:
        listed = sum(p.metres for p in shop.case.placements)
        promoted = shop.shelves.metres[shop.shelves.promotion[shop.shelves.presence] >= 0].sum()
        assert shop.shelves.metres.sum() - promoted == pytest.approx(listed)


def test_a_product_without_a_place_keeps_its_number(
    refill: Callable[..., Shelves], small_scenario: Scenario, number: dict[str, int]
) -> None:
    others = tuple(p for p in small_scenario.cases[0].placements if p.product != "milk")
    shelves = refill(placements=others)
    assert spots(shelves, number["milk"]) == []
    assert len(shelves.product) == len(small_scenario.products)
    assert len(spots(shelves, number["bread"])) == 2


def test_displays_follow_the_homes_one_a_product_and_fixture(
    refill: Callable[..., Shelves], small_scenario: Scenario, number: dict[str, int], floor: Floor
) -> None:
    """Soup on two bays of a gondola is one display; soup on the freezer is another."""
    more = (
        Placement("soup", "freezer", "west", 2, (1, 1), 0.6, display=True),
        Placement("soup", "G2", "east", 2, (5, 5), 0.4, display=True),
        Placement("milk", "G2", "east", 1, (1, 1), 0.4, display=True),
        Placement("soup", "G2", "east", 1, (5, 5), 0.4, display=True),
    )
    shelves, homes = refill(placements=small_scenario.cases[0].placements + more), len(small_scenario.products)
    assert shelves.product[homes:].tolist() == [number["milk"], number["soup"], number["soup"]]
    assert shelves.display[homes:].all()
    assert shelves.promotion[homes:].tolist() == [-1, -1, -1]
    on_g2 = [(floor.places.bay("G2", "east", bay), 0.4, 1.0) for bay in (1, 2)]
    assert spots(shelves, homes + 1) == on_g2
    assert spots(shelves, homes) == [(on_g2[0][0], 0.4, 0.0)]


def test_a_promotion_at_a_place_is_a_display_of_every_level_of_its_bays(
    refill: Callable[..., Shelves],
    small_scenario: Scenario,
    number: dict[str, int],
    floor: Floor,
    make_promotion: Callable[..., Promotion],
) -> None:
    at_home, on_g1 = make_promotion("milk"), make_promotion("bag snacks", at=(("G1", "west", 2), ("G1", "west", 1)))
    shelves, homes = refill(promotions=(at_home, on_g1)), len(small_scenario.products)
    assert shelves.product[homes:].tolist() == [number["bag snacks"]]
    assert shelves.promotion[homes:].tolist() == [1]
    assert spots(shelves, homes) == [(floor.places.bay("G1", "west", bay), 1.2 * 5, 0.5) for bay in (1, 2)]


def test_two_promotions_of_a_product_are_two_presences(
    refill: Callable[..., Shelves], small_scenario: Scenario, make_promotion: Callable[..., Promotion]
) -> None:
    twice = tuple(make_promotion("milk", at=(("G1", "west", bay),)) for bay in (1, 2))
    assert refill(promotions=twice).promotion[len(small_scenario.products) :].tolist() == [0, 1]


@pytest.mark.parametrize(
    "wrong",
    [
        Placement("caviar", "G1", "west", 1, (1, 1), 1.0),
        Placement("milk", "G9", "west", 1, (1, 1), 1.0),
        Placement("milk", "G1", "north", 1, (1, 1), 1.0),
        Placement("milk", "G1", "west", 9, (1, 1), 1.0),
    ],
    ids=["product", "fixture", "face", "bay"],
)
def test_what_is_not_there_is_an_error(refill: Callable[..., Shelves], wrong: Placement) -> None:
    with pytest.raises(KeyError):
        refill(placements=(wrong,))


def test_an_empty_store_has_homes_without_spots(refill: Callable[..., Shelves], small_scenario: Scenario) -> None:
    shelves = refill(placements=())
    assert shelves.first.tolist() == [0] * (len(small_scenario.products) + 1)
    assert len(shelves.bay) == len(shelves.presence) == 0


def test_the_order_of_the_planogram_does_not_matter(refill: Callable[..., Shelves], small_scenario: Scenario) -> None:
    one, two = refill(), refill(placements=small_scenario.cases[0].placements[::-1])
    assert np.array_equal(one.bay, two.bay)
    assert np.array_equal(one.metres, two.metres)
