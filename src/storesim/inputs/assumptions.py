"""Which assumed parameters are varied to see whether an answer stands, and which cannot matter to it."""

from collections.abc import Callable, Iterator, Mapping

from storesim.inputs.case import Assumptions, Scenario
from storesim.inputs.mistakes import Mistakes, quoted
from storesim.inputs.names import Names
from storesim.inputs.parameters import Parameters, provenance
from storesim.inputs.scenario import AssumptionsFile
from storesim.inputs.yaml_compose import Step
from storesim.inputs.yaml_source import Source

MOST_REPLICATIONS = 10
"""Replications of each set where the scenario does not say: signs need fewer than half-widths."""

NAMES = Names("parameter", "the model", Parameters.model_fields)
ASSUMED = tuple(name for name in Parameters.model_fields if provenance(name).status == "assumed")


def _has_self_service(scenario: Scenario) -> bool:
    return any(checkout.kind == "self_service" for case in scenario.cases for checkout in case.plan.checkouts)


def _lacks_conversion(scenario: Scenario) -> bool:
    return any(product.conversion is None for product in scenario.products)


def _has_guide(scenario: Scenario) -> bool:
    return any(case.plan.guide for case in scenario.cases)


def _has_signs(scenario: Scenario) -> bool:
    return any(case.plan.signs for case in scenario.cases)


def _has_affinity(scenario: Scenario) -> bool:
    return bool(scenario.affinity)


def _has_substitutes(scenario: Scenario) -> bool:
    return any(product.substitutes for product in scenario.products)


def _has_displays(scenario: Scenario) -> bool:
    return any(
        any(placement.display for placement in case.placements) or any(promotion.at for promotion in case.promotions)
        for case in scenario.cases
    )


MATTERS: Mapping[str, Callable[[Scenario], bool]] = {
    "self_base_s": _has_self_service,
    "self_per_unit_s": _has_self_service,
    "conversion": _lacks_conversion,
    "guide_compliance": _has_guide,
    "sign_effect": _has_signs,
    "adjacency": _has_affinity,
    "adjacency_m": _has_affinity,
    "switching": _has_substitutes,
    "p_replaces": _has_substitutes,
    "display_multiplier": _has_displays,
}
"""Parameters that act in some scenarios only, and which; the others always may."""


def varied(written: AssumptionsFile, known: set[str], scenario: Scenario) -> Assumptions | None:
    """Return what is varied; None when nothing is left to vary.

    Args:
        written: what the scenario says; parameters named in it are varied in any case.
        known: parameters that the scenario sets itself: whoever sets a number is taken to know it.
        scenario: what it has decides which of the others can matter.
    """
    named = [NAMES.find(name) or name for name in written.parameters or ()]
    acting = (name for name in ASSUMED if name not in known and _can_matter(name, scenario))
    names = tuple(dict.fromkeys(named or acting))
    replications = min(written.replications or MOST_REPLICATIONS, scenario.replications)
    return Assumptions(names, replications) if names else None


def _can_matter(name: str, scenario: Scenario) -> bool:
    return name not in MATTERS or MATTERS[name](scenario)


def check_varied(source: Source, mistakes: Mistakes) -> None:
    """Only a parameter that is there, and that is assumed, has a low and a high to be varied between."""
    for at, name in _named(source):
        own = NAMES.find(name)
        if own is None:
            mistakes.add(source.mark(at), NAMES.missing(name))
        elif own not in ASSUMED:
            status = provenance(own).status
            what = f"parameter {quoted(own)} is {status}, not assumed, and has no low and high; take it off the list"
            mistakes.add(source.mark(at), what)


def _named(source: Source) -> Iterator[tuple[tuple[Step, ...], str]]:
    at: tuple[Step, ...] = ("assumptions", "parameters")
    written = source.value(at)
    listed = [((*at, number), name) for number, name in enumerate(written)] if isinstance(written, list) else []
    for place, name in listed or [(at, written)]:
        if isinstance(name, str) and name:
            yield place, name
