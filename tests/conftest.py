"""The example shops, and factories for what stands in a scenario: shared by the tests of every floor."""

import signal
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

from storesim.customers.population import Population
from storesim.customers.propensity import Propensity, propensity
from storesim.inputs.case import Mission, Product, Promotion, Scenario, Segment
from storesim.inputs.load import load_scenario
from storesim.inputs.parameters import Parameters

if TYPE_CHECKING:
    from storesim.experiment.replication import Ready

# The same examples on every machine and in every run: a failure can be looked at again.
settings.register_profile("storesim", derandomize=True, database=None, deadline=None)
settings.load_profile("storesim")

# In the background of a shell Ctrl-C is ignored, also by all that is started there; here it must do what it does.
signal.signal(signal.SIGINT, signal.default_int_handler)

SCENARIOS = Path(__file__).parents[1] / "scenarios"


@pytest.fixture(scope="session")
def small_scenario() -> Scenario:
    """The small shop: 25 products, 300 visits a day, two missions, two segments, three variants."""
    return load_scenario(SCENARIOS / "small_shop.yaml")


@pytest.fixture(scope="session")
def small_ready(small_scenario: Scenario) -> "Ready":
    """The small shop, ready to be played; `shops[0]` is its baseline."""
    # Imported late: tests of the lower floors need not wait for the upper ones.
    from storesim.experiment.replication import prepare

    return prepare(small_scenario)


@pytest.fixture(scope="session")
def small_day(small_ready: "Ready") -> Population:
    """The customers of the small shop's first day."""
    return small_ready.population(0)


@pytest.fixture(scope="session")
def market_scenario() -> Scenario:
    """The example market: 238 products less three, 2,100 visits a day, four missions, six segments."""
    return load_scenario(SCENARIOS / "market.yaml")


@pytest.fixture(scope="session")
def market_kinds(market_scenario: Scenario) -> Propensity:
    """What the market's kinds of customer are inclined to buy (some seconds of work)."""
    return propensity(market_scenario)


@pytest.fixture(scope="session")
def make_product() -> Callable[..., Product]:
    """A product at 2.00, half of it impulse, elasticity -2: say only what matters."""

    def make(id: str = "tea", **changes: Any) -> Product:  # noqa: A002
        penetration = {"errand": 0.2}
        values: dict[str, Any] = {"name": id, "category": id, "department": "grocery", "price": 2.0, "unit_cost": 1.0}
        values |= {"units": 1.5, "penetration": penetration, "impulse_share": 0.5, "price_elasticity": -2.0}
        return Product(id=id, **(values | {"display_lift": 1.25} | changes))

    return make


@pytest.fixture(scope="session")
def make_mission() -> Callable[..., Mission]:
    """A mission named errand: any hour, any weekday alike, one to three products."""

    def make(**changes: Any) -> Mission:
        values: dict[str, Any] = {"name": "errand", "hours": (1.0,) * 24, "weekdays": (1.0,) * 7}
        return Mission(**(values | {"basket": (0.5, 0.3, 0.2)} | changes))

    return make


@pytest.fixture(scope="session")
def make_segment() -> Callable[..., Segment]:
    """A segment whose every factor is 1, all on the mission errand."""

    def make(name: str = "all", **changes: Any) -> Segment:
        values: dict[str, Any] = {"share": 1.0, "tier": "guest", "missions": {"errand": 1.0}, "route": "nearest_next"}
        values |= {"knowledge": 0.5, "speed_m_s": 1.0, "slack": 1.0, "patience": 1.0}
        return Segment(name=name, **(values | {"price_response": 1.0, "dwell": 1.0} | changes))

    return make


@pytest.fixture(scope="session")
def make_scenario(
    make_mission: Callable[..., Mission], make_segment: Callable[..., Segment]
) -> Callable[..., Scenario]:
    """A scenario about some products, open 08:00 to 20:00 on a Monday, without cases: who comes, but nowhere to go."""

    def make(*products: Product, **changes: Any) -> Scenario:
        values: dict[str, Any] = {"name": "?", "currency": "EUR", "opens_s": 8 * 3600.0, "closes_s": 20 * 3600.0}
        values |= {"first_day": date(2026, 3, 2), "days": 1, "visits_per_day": 200.0, "products": products}
        values |= {"segments": (make_segment(),), "missions": (make_mission(),), "parameters": Parameters()}
        values |= {"replications": 1, "seed": 7, "same_within": 0.01, "baseline": "", "cases": ()}
        return Scenario(**(values | changes))

    return make


@pytest.fixture(scope="session")
def make_promotion() -> Callable[..., Promotion]:
    """20 % off at the product's home, all day, every day, for everybody."""

    def make(product: str, **changes: Any) -> Promotion:
        values: dict[str, Any] = {"at": (), "price_cut": 0.2, "from_s": 0.0, "until_s": 86400.0}
        values |= {"first_day": None, "last_day": None, "tiers": None, "segments": None}
        return Promotion(product=product, **(values | {"funded": 0.0, "set_up_cost": 0.0} | changes))

    return make
