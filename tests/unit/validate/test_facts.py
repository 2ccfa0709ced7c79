"""What must hold of every fact, and of the list of what was fitted."""

from collections.abc import Callable
from dataclasses import fields
from math import isfinite

import pytest

from storesim.inputs.case import Scenario
from storesim.inputs.parameters import Parameters
from storesim.validate.fact import Check
from storesim.validate.facts import FACTS
from storesim.validate.fits import FITS, CheckName, Fit
from storesim.validate.play import QUICK_REPLICATIONS, REPLICATIONS

by_fit = pytest.mark.parametrize("fit", FITS, ids=[fit.parameter for fit in FITS])


def checks(name: CheckName) -> list[Check]:
    """Return the checks that a name means."""
    return [c for fact in FACTS if fact.number == name[0] for c in fact.checks if name[1] in ("", c.name)]


def test_facts_stand_by_number_and_several_of_one_number_have_titles_of_their_own() -> None:
    names = [(fact.number, fact.title) for fact in FACTS]
    assert [number for number, _ in names] == sorted(number for number, _ in names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("fact", FACTS, ids=[fact.title for fact in FACTS])
def test_a_fact_says_what_was_published_where_it_is_played_and_what_is_checked(fact) -> None:
    assert all(getattr(fact, column.name) not in ("", ()) for column in fields(fact) if column.name != "quick")
    assert all(check.low < check.high for check in fact.checks)
    assert len({check.name for check in fact.checks}) == len(fact.checks)


def test_what_is_gated_has_a_tolerance_and_a_published_finding() -> None:
    gated = [check for fact in FACTS for check in fact.checks if check.kind != "reported"]
    assert all(check.published and (isfinite(check.low) or isfinite(check.high)) for check in gated)


def test_all_of_it_is_played_within_ten_minutes_on_two_processors() -> None:
    """By the times that the facts give for themselves."""
    longest = max(fact.takes_s for fact in FACTS)
    assert REPLICATIONS == 30
    assert max(longest, sum(fact.takes_s for fact in FACTS) / 2) < 600


def test_the_quick_ones_are_played_within_a_minute() -> None:
    quick_s = sum(fact.takes_s for fact in FACTS if fact.quick) * QUICK_REPLICATIONS / REPLICATIONS
    assert 0 < quick_s / 2 < 60


@by_fit
def test_a_default_is_as_it_was_fitted(fit: Fit) -> None:
    assert getattr(Parameters(), fit.parameter) == fit.value


@by_fit
def test_what_a_parameter_was_fitted_on_is_not_said_to_emerge(fit: Fit) -> None:
    used = [check for name in fit.fitted_on for check in checks(name)]
    assert used
    assert "emerges" not in [check.kind for check in used]


@by_fit
def test_what_was_kept_for_checking_is_played_and_was_not_fitted_on(fit: Fit) -> None:
    kept = [check for name in fit.kept for check in checks(name)]
    assert all(checks(name) for name in fit.kept)
    assert "fitted" not in [check.kind for check in kept]


def test_whatever_is_called_fitted_is_in_the_list_of_fits() -> None:
    listed = [check for fit in FITS for name in fit.fitted_on for check in checks(name)]
    assert [check for fact in FACTS for check in fact.checks if check.kind == "fitted" and check not in listed] == []


@pytest.mark.parametrize(
    "scenario", dict.fromkeys(fact.scenario for fact in FACTS), ids=lambda scenario: scenario.__qualname__
)
def test_a_store_of_the_facts_speaks_of_its_own_products_only(scenario: Callable[[], Scenario]) -> None:
    """The market's files change; what facts make of them must not name what is no longer there."""
    found = scenario()
    named = {*found.affinity, *(other for others in found.affinity.values() for other in others)}
    for taste in found.tastes:
        named |= set(taste.products)
    for case in found.cases:
        named |= {placement.product for placement in case.placements}
        named |= {promotion.product for promotion in case.promotions}
    assert named <= {product.id for product in found.products}
