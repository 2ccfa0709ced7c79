"""What an experiment plays: a scenario resolved into cases, one a variant, nothing left to look up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.operations import PLAIN, Operations
from storesim.inputs.panel import Panel
from storesim.inputs.parameters import Parameters
from storesim.inputs.swept import Sweep


@dataclass(frozen=True)
class Product:
    """An item or a whole category, as on one row of the products file."""

    id: str
    name: str
    category: str
    department: str
    price: float
    """Regular price of a unit, in the scenario's currency."""
    unit_cost: float
    units: float
    """Mean units bought by those who buy at the regular price, at least 1."""
    penetration: Mapping[str, float]
    """Mission name -> share of its visits that buy the product (observed at points of sale)."""
    impulse_share: float
    """Share of purchases that were not on the list, 0..1."""
    price_elasticity: float
    """Elasticity of units sold, negative."""
    display_lift: float
    """Units on display over units off display at the same price, shrunk; at least 1."""
    conversion: float | None = None
    """α: log-odds of buying once noticed, at the regular price, for a mean basket; None: not calibrated."""
    planned_share: float | None = None
    """Share of purchases that the calibration had to make planned; None: 1 - impulse_share."""
    substitutes: str = ""
    """Name of the group of items that customers take for one another, folded; "": none."""


@dataclass(frozen=True)
class Mission:
    """Why somebody comes."""

    name: str
    hours: tuple[float, ...]
    """24 relative frequencies of arriving in each hour of the day."""
    weekdays: tuple[float, ...]
    """7 factors on the number of visits, Monday first, mean 1."""
    basket: tuple[float, ...]
    """P(n categories bought), n = 1, 2, …; sums to 1."""
    route: str | None = None
    """Route policy that overrides the segment's; None: the segment's own."""


@dataclass(frozen=True)
class Segment:
    """Who comes: customers who behave alike."""

    name: str
    share: float
    """Share of visits; the shares of all segments sum to 1."""
    tier: str
    missions: Mapping[str, float]
    """Mission name -> share of this segment's visits; sums to 1."""
    route: str
    """Route policy: shortest_tour | nearest_next | perimeter | wander | guided | observed."""
    knowledge: float
    """Knowledge of the store, 0..1: the share of customers who follow low-noise habits."""
    speed_m_s: float
    """Mean free walking speed in the shop."""
    slack: float
    """Factor on the mean mental slack."""
    patience: float
    """Factor on the scale of patience in a queue."""
    price_response: float
    """Factor on price elasticities."""
    dwell: float
    """Factor on the median dwell at a stop."""
    propensities: Mapping[str, float] = field(default_factory=dict)
    """Product id -> factor on its propensity, only those that differ from 1 (departments resolved)."""


@dataclass(frozen=True)
class Taste:
    """How much more some customers are drawn to a group of products than others, on the same mission.

    Who buys one product of a department often buys a second: without tastes too many baskets have a bit of each.
    """

    name: str
    """Of the group, as written: 'department produce'."""
    products: tuple[str, ...]
    sd: float
    """Of the log of a customer's factor on the propensities of the group; the factor is lognormal with mean 1."""


@dataclass(frozen=True)
class Placement:
    """Part of a product's home on the shelf, or a second place (`display`), within one bay."""

    product: str
    fixture: str
    face: str
    bay: int
    levels: tuple[int, int]
    """Lowest and highest shelf level taken; 1 is the bottom."""
    metres: float
    """Linear shelf metres in this bay, all levels added."""
    display: bool = False


@dataclass(frozen=True)
class Promotion:
    """An offer: a price cut, a display, or both, while it runs; outside its hours it is not there."""

    product: str
    at: tuple[tuple[str, str, int], ...]
    """Bays (fixture, face, bay) of the display; (): a price cut at the product's home."""
    price_cut: float
    """Share off the regular price, 0..1; at the display only when there is one."""
    from_s: float
    until_s: float
    """Seconds after midnight."""
    first_day: date | None
    last_day: date | None
    tiers: frozenset[str] | None
    segments: frozenset[str] | None
    """Who gets the price; None: everybody. Everybody sees the display."""
    funded: float
    """Supplier's contribution per promoted unit sold, in currency."""
    set_up_cost: float
    """Cost of setting up, in currency a day."""


@dataclass(frozen=True)
class Coupon:
    """Mobile coupons: each customer addressed gets some for products not on the list, and may go for them."""

    products: tuple[str, ...]
    each: int
    """Coupons a customer gets, at most; those not followed are not used."""
    target: Literal["near", "far", "any"]
    """Which: those that lie nearest to the way the customer intends, farthest off it, or the first as written."""
    p_follow: float
    """Probability that a customer goes for a coupon's product."""
    price_cut: float
    """Share off the price for who follows the coupon, 0..1; paid by the store."""
    tiers: frozenset[str] | None = None
    segments: frozenset[str] | None = None
    """Who gets coupons; None: everybody."""


@dataclass(frozen=True)
class Case:
    """One variant, ready to be played: where everything stands and what is on offer."""

    name: str
    plan: FloorPlan
    placements: tuple[Placement, ...]
    promotions: tuple[Promotion, ...] = ()
    changes: tuple[str, ...] = ()
    """What differs from its base, in words."""
    coupons: tuple[Coupon, ...] = ()
    relay_cost: float = 0.0
    """One-off cost of making this variant out of the baseline, in the scenario's currency."""
    operations: Operations = PLAIN
    """How the store is run."""


KeptEvents = Literal["all", "sample", "none"]
SAMPLED = 11
"""Of how many replications a sample keeps one: a prime, so that it meets every day of a week, fortnight or month."""


@dataclass(frozen=True)
class Assumptions:
    """How the assumed parameters are varied to see whether the answer stands."""

    parameters: tuple[str, ...]
    """Names of the parameters that are varied, each between its low and its high."""
    replications: int
    """Replications played of each set of settings, the first ones of the experiment."""


ResponseName = Literal[
    "visitors", "transactions", "conversion", "sales", "margin", "units_per_basket", "sales_per_visit",
    "unplanned_sales", "trip_s", "dwell_s", "walked_m", "store_coverage", "wait_s", "left_without_paying", "lost_sales",
]  # fmt: skip
"""A response, by its name in files and tables."""


@dataclass(frozen=True)
class Precision:
    """How narrow the intervals of one response must be; replications are added until they are."""

    response: ResponseName
    half_width: float
    """Asked for: of every variant's paired difference, or of the baseline's own mean where it stands alone."""
    of_mean: bool
    """Whether half_width is a share of the baseline's mean, and not an amount in the response's unit."""
    at_most: int
    """Replications that may be played in all."""


Measure = Literal[
    "sales", "tickets", "trip minutes", "department sales", "category sales", "product sales", "zone visits"
]


@dataclass(frozen=True)
class Actual:
    """A number of the user's own store, a mean over days like those played."""

    measure: Measure
    name: str
    """Of the zone (id), product (id), category or department; "" for the whole store."""
    value: float
    """Per day; minutes per visit for trip minutes."""


@dataclass(frozen=True)
class SourceFile:
    """A file that was read, for the run directory's copy and checksum."""

    path: Path
    content: bytes


@dataclass(frozen=True)
class Scenario:
    """The question and everything needed to answer it."""

    name: str
    currency: str
    opens_s: float
    closes_s: float
    """Opening hours, seconds after midnight."""
    first_day: date
    days: int
    """Replication r plays day r mod days; responses are per day."""
    visits_per_day: float
    products: tuple[Product, ...]
    segments: tuple[Segment, ...]
    missions: tuple[Mission, ...]
    parameters: Parameters
    replications: int
    """All that are played; with a precision, those of the first stage, from which the number of the others follows."""
    seed: int
    same_within: float
    """Margin of the verdict 'same', as a share of the baseline's mean."""
    baseline: str
    cases: tuple[Case, ...]
    """The baseline first, then the variants in the order written."""
    tastes: tuple[Taste, ...] = ()
    affinity: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Product id -> product id -> how many times more often they share a basket than their sizes explain."""
    paths: tuple[tuple[str, ...], ...] = ()
    """Recorded trips: the ids of the baseline's zones in the order passed, none twice in a row."""
    actuals: tuple[Actual, ...] = ()
    """What the user's own store really does, to hold the baseline against; (): not known."""
    assumptions: Assumptions | None = None
    """None: the assumed parameters are not varied."""
    sweep: Sweep | None = None
    """None: it is played as it stands only."""
    precision: Precision | None = None
    """None: as many replications as asked for are played, however wide the intervals."""
    panel: Panel | None = None
    """Customers who come back; None: nobody is known from one day to the next."""
    opening_days: int = 7
    """Days a week on which the store is open, 1..7: what makes a week out of a day."""
    locale: str = "en-US"
    """Whose way of writing numbers the report follows, such as de-DE."""
    events: KeptEvents = "all"
    """Days whose event logs are kept on disk; nothing else depends on it."""
    sources: tuple[SourceFile, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def most_replications(self) -> int:
        """Replications that may be played in all."""
        return self.precision.at_most if self.precision else self.replications

    def keeps_events(self, replication: int) -> bool:
        """Return whether the logs of a replication are kept; a sample begins with the first."""
        return self.events == "all" or (self.events == "sample" and replication % SAMPLED == 0)
