"""The stores that facts are played in, each fixed before a number was looked at."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from storesim.experiment.replication import Ready, prepare
from storesim.inputs.case import Scenario
from storesim.inputs.examples import examples
from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.load import compare_layouts, load_scenario
from storesim.inputs.mistakes import Mistakes
from storesim.inputs.names import Names
from storesim.inputs.parameters import Parameters
from storesim.inputs.products import Catalogue, read_conversion
from storesim.store.build import build_floor
from storesim.store.floor import Floor

STORES = Path(__file__).parent
CONVERSION = STORES / "conversion_supermarket.csv"
SUPERMARKET_VISITS = 600.0
"""Few, as facts compare the same customers: a busy day would say no more, only later."""
OF_FLOORS = (
    "body_radius_m",
    "habit_sigma",
    "habit_sigma_known",
    "habit_length_m",
    "perimeter_pull",
    "sign_effect",
    "sight_range_m",
)
"""The parameters that a floor is built with."""


@lru_cache(maxsize=1)
def market() -> Scenario:
    """Return the example market as it is: 1,400 m², 10 lanes, a grid of aisles, 2,100 visits a day."""
    scenario = load_scenario(_market_file())
    return replace(scenario, cases=scenario.cases[:1])


@lru_cache(maxsize=1)
def supermarket() -> Scenario:
    """Return the supermarket of 4,000 m² with 17 aisles, the example market's products, missions and segments."""
    scenario = supermarket_as_laid_out()
    ids = Names("product", "products", (product.id for product in scenario.products))
    mistakes = Mistakes()
    products = read_conversion(CONVERSION, Catalogue("products", scenario.products, ids), mistakes, [])
    mistakes.raise_if_any()
    return replace(scenario, products=products)


def supermarket_as_laid_out() -> Scenario:
    """Return the supermarket with the market's conversions: what its own are solved from."""
    scenario = compare_layouts((STORES / "supermarket.yaml",), _market_file())
    return replace(scenario, visits_per_day=SUPERMARKET_VISITS)


@lru_cache(maxsize=1)
def twelve_aisles() -> Scenario:
    """Return a store of twelve aisles in four variants: two-way, one-way, and both with a middle cross aisle."""
    return load_scenario(STORES / "twelve_aisles_scenario.yaml")


def ready(scenario: Scenario) -> Ready:
    """Return a scenario ready to be played, on floors that are built once a process."""
    plans = {case.plan for case in scenario.cases}
    return prepare(scenario, {plan: floor(plan, scenario.parameters, scenario.seed) for plan in plans})


def floor(plan: FloorPlan, parameters: Parameters, seed: int) -> Floor:
    """Return the floor of a plan, built once a process whatever the parameters that floors do not depend on."""
    return _floor(plan, Parameters(**{name: getattr(parameters, name) for name in OF_FLOORS}), seed)


_floor = lru_cache(maxsize=8)(build_floor)


def _market_file() -> Path:
    folder = examples()
    if folder is None:
        raise FileNotFoundError("the example market is not part of this installation; install storesim from its wheel")
    return folder / "scenarios" / "market.yaml"
