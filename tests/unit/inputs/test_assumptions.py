"""Which assumed parameters a scenario varies."""

from dataclasses import replace
from typing import Any

import pytest

from storesim.inputs.assumptions import ASSUMED, MATTERS
from storesim.inputs.case import Assumptions
from storesim.inputs.load import load_scenario
from storesim.inputs.parameters import Parameters, provenance

SEED = "seed: 7"


def test_every_assumed_parameter_has_its_default_between_its_low_and_its_high() -> None:
    defaults = Parameters()
    for name in ASSUMED:
        mark = provenance(name)
        assert mark.low is not None
        assert mark.high is not None
        assert mark.low <= getattr(defaults, name) <= mark.high, name
        Parameters.model_validate({name: mark.low})
        Parameters.model_validate({name: mark.high})


def test_nothing_is_varied_unless_it_is_asked_for(store: Any) -> None:
    assert store.load().assumptions is None
    store.change("scenario.yaml", SEED, "assumptions: false")
    assert store.load().assumptions is None


def test_true_varies_what_can_matter(store: Any) -> None:
    """This store has cashiers only, no displays, no signs, and nothing calibrated."""
    store.change("scenario.yaml", SEED, "assumptions: true")
    found = store.load().assumptions
    assert found.replications == 10
    assert set(ASSUMED) - set(found.parameters) == set(MATTERS) - {"conversion"}


def test_the_command_line_varies_what_the_file_does_not(store: Any) -> None:
    plain = store.load()
    asked = load_scenario(plain.sources[0].path, assumptions=True, replications=4)
    assert asked.assumptions is not None
    assert asked.assumptions.replications == 4
    store.change("scenario.yaml", SEED, "assumptions: {parameters: urge}")
    asked = load_scenario(plain.sources[0].path, assumptions=True)
    assert asked.assumptions == Assumptions(("urge",), 10), "what the file says is kept"


def test_parameters_are_named_ignoring_case_and_each_counts_once(store: Any) -> None:
    store.change("scenario.yaml", SEED, "assumptions: {parameters: [Habit_Sigma, urge, URGE], replications: 5}")
    assert store.load().assumptions == Assumptions(("habit_sigma", "urge"), 5)


def test_a_parameter_that_the_scenario_sets_is_known_unless_it_is_named(store: Any) -> None:
    store.change("scenario.yaml", SEED, "assumptions: true\nparameters: {habit_sigma: 0.3}")
    assert "habit_sigma" not in store.load().assumptions.parameters
    store.change("scenario.yaml", "assumptions: true", "assumptions: {parameters: [habit_sigma]}")
    assert store.load().assumptions.parameters == ("habit_sigma",)


def test_a_display_makes_its_multiplier_matter(store: Any) -> None:
    store.change("scenario.yaml", SEED, "assumptions: true")
    store.add_to_other("changes: [{add_display: tea, at: T1}]")
    assert "display_multiplier" in store.load().assumptions.parameters


@pytest.mark.parametrize("name", MATTERS)
def test_every_rule_can_say_no_and_yes(name: str, store: Any) -> None:
    """Each has a scenario in which its parameter acts and one in which it cannot."""
    scenario = store.load()
    case, product = scenario.cases[0], scenario.products[0]
    plan = replace(case.plan, checkouts=(replace(case.plan.checkouts[0], kind="self_service"),))
    plan = replace(plan, signs=(((0.0, 0.0), (1.0, 0.0), (0.0, 1.0)),), guide=("a", "b"))
    rich = replace(case, plan=plan, placements=(replace(case.placements[0], display=True),))
    yes = replace(scenario, cases=(rich,), products=(replace(product, substitutes="tea"),), affinity={"a": {"b": 2.0}})
    no = replace(scenario, products=(replace(product, conversion=0.0),))
    assert MATTERS[name](yes)
    assert not MATTERS[name](no)


MISTAKES = {
    "unknown": (
        "{parameters: [habit_sgma]}",
        "scenario.yaml:9:28: parameter 'habit_sgma' is not in the model; did you mean 'habit_sigma'?",
    ),
    "published": (
        "{parameters: [urge, Unplanned_Share]}",
        "scenario.yaml:9:34: parameter 'unplanned_share' is published, not assumed, and has no low and high;"
        " take it off the list",
    ),
    "unknown, alone": (
        "{parameters: urg}",
        "scenario.yaml:9:27: parameter 'urg' is not in the model; did you mean 'urge'?",
    ),
    "none": ("{parameters: []}", "scenario.yaml:9:27: 'parameters' has 0 values; write at least 1"),
    "word": ("maybe", "scenario.yaml:9:14: 'assumptions' is 'maybe'; write true, or which parameters to vary"),
    "key": ("{days: 3}", "scenario.yaml:9:15: unknown key 'days'; choose from 'parameters', 'replications'"),
    "one replication": (
        "{replications: 1}",
        "scenario.yaml:9:29: 'replications' is 1; write a number of at least 2",
    ),
}


@pytest.mark.parametrize(("written", "told"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_told_with_its_place_and_remedy(store: Any, written: str, told: str) -> None:
    store.change("scenario.yaml", SEED, f"assumptions: {written}")
    assert store.mistakes() == [told]
