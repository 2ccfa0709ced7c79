"""A corridor of a store and a teller of visits, so that every test can say in words what happened.

The corridor runs east: door at 0 m, four bays at 10, 20, 30 and 40 m, the till at 50 m. Everybody walks 1 m/s.
Zone "north" ends at 25 m and "south" at 45 m; the till stands in no zone. A bay is in view on the last 4 m before
it and the first 4 m behind it, and from where one stands before it.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pytest
from scipy import sparse

from storesim.customers.population import Pairs, Population
from storesim.customers.steps import Steps
from storesim.engine.log import EventLog, Kind
from storesim.inputs.case import Case, Mission, Product, Promotion, Scenario, Segment
from storesim.inputs.floor_plan import Bay, Checkout, Door, Face, Fixture, FloorPlan, Zone
from storesim.inputs.parameters import Parameters
from storesim.results.day import Day
from storesim.store.floor import Floor, Places, Sight, Ways

NAMES = ("A/front/1", "A/front/2", "B/front/1", "B/front/2", "main", "till")
ALONG_M = (10.0, 20.0, 30.0, 40.0, 0.0, 50.0)
PRODUCTS = ("milk", "bread", "cola")
PRICES = (2.0, 3.0, 1.5)
COSTS = (1.0, 2.0, 0.5)
EXPOSURE = ((0.1, 0.0, 0.0), (0.0, 0.2, 0.0), (0.0, 0.0, 0.3), (0.0, 0.0, 0.0))
"""Notices expected per second of view: milk stands in A/front/1, bread in A/front/2, cola in B/front/1."""
TILL, DOOR = 5, 4
EXIT_M = 12.0


def corridor() -> Floor:
    """The floor described above."""
    bays = tuple(Bay(number, 1.25) for number in (1, 2))
    plan = FloorPlan(
        "Corridor",
        zones=(Zone("north", "North", "department", (), 50.0), Zone("south", "South", "department", (), 40.0)),
        doors=(Door("main", "both"),),
        fixtures=tuple(Fixture(name, "wall", 4, 2.0, (Face("front", bays),)) for name in "AB"),
        checkouts=(Checkout("till", "cashier", 2),),
    )
    places = Places(
        NAMES, np.array([(x, 0.0) for x in ALONG_M]), np.array([0, 0, 1, 1, 0, -1]), np.array([0, 0, 1, 1]), 4, 1, 1
    )
    return Floor(plan, np.empty((2, 2)), (), places, *_walking(), np.array([[EXIT_M]]))


def _walking() -> tuple[Ways, Sight, sparse.csr_array]:
    order = np.argsort(ALONG_M)
    steps = [(a, b) for a, b in itertools.pairwise(order)]
    start, end = np.array(steps + [(b, a) for a, b in steps]).T
    edge = np.full((6, 6), -1, dtype=np.int32)
    edge[start, end] = np.arange(10)
    previous = np.full((1, 6, 6), -1, dtype=np.int16)
    for source in range(6):
        rank = list(order).index(source)
        for k in range(6):
            if k != rank:
                previous[0, source, order[k]] = order[k - 1 if k > rank else k + 1]
    x = np.array(ALONG_M)
    distance = np.abs(x[:, None] - x)[None].astype(np.float32)
    ways = Ways(distance, previous, edge, np.stack((x, 0 * x), axis=1), start, end, np.full(10, 10.0))
    in_view = np.zeros((10, 4))
    for e, ends in enumerate(zip(start, end, strict=True)):
        in_view[e, [place for place in ends if place < 4]] = 4.0
    at_place = np.zeros((6, 4))
    at_place[:4] = np.eye(4)
    low, high = np.minimum(x[start], x[end]), np.maximum(x[start], x[end])
    zone_m = np.stack((np.clip(25 - low, 0, high - low), np.clip(np.minimum(high, 45) - np.maximum(low, 25), 0, 10)), 1)
    return ways, Sight(sparse.csr_array(in_view), sparse.csr_array(at_place)), sparse.csr_array(zone_m)


@dataclass
class Visit:
    """One customer's visit, told step by step; the clock runs along."""

    story: "Story"
    number: int
    t_s: float
    here: str = "main"
    units: int = 0
    amount: float = 0.0

    def goes_to(self, place: str) -> "Visit":
        """Walk, 1 m/s."""
        self.note(Kind.WALK, place)
        self.t_s += abs(ALONG_M[NAMES.index(place)] - ALONG_M[NAMES.index(self.here)])
        self.here = place
        return self

    def notices(self, product: str, place: str) -> "Visit":
        """See a product that could be wanted."""
        return self.note(Kind.NOTICE, place, product=product)

    def stops(self, product: str, dwell_s: float = 20.0, planned: bool = False) -> "Visit":
        """Stand at the shelf for a product."""
        self.note(Kind.STOP, self.here, product=product, planned=planned)
        self.t_s += dwell_s
        return self

    def takes(
        self, product: str, units: int, planned: bool = False, price: float | None = None, promotion: int = -1
    ) -> "Visit":
        """Put units into the basket."""
        amount = units * (PRICES[PRODUCTS.index(product)] if price is None else price)
        self.units, self.amount = self.units + units, self.amount + amount
        return self.note(Kind.TAKE, self.here, -1, product, units, amount, planned, promotion)

    def buys(self, place: str, product: str, units: int = 1, planned: bool = False, dwell_s: float = 20.0) -> "Visit":
        """Walk, stand and take."""
        return self.goes_to(place).stops(product, dwell_s, planned).takes(product, units, planned)

    def queues(self, wait_s: float, lane: int = 0) -> "Visit":
        """Walk to the till and wait."""
        self.goes_to("till").note(Kind.JOIN, "till", lane)
        self.t_s += wait_s
        return self

    def pays(self, wait_s: float = 30.0, service_s: float = 60.0, lane: int = 0) -> None:
        """Queue, be served, and go."""
        self.queues(wait_s, lane).note(Kind.SERVE, "till", lane)
        self.t_s += service_s
        self.note(Kind.PAY, "till", lane, units=self.units, amount=self.amount).leaves()

    def leaves(self) -> None:
        """Walk out, from a till by the way behind it."""
        way_m = EXIT_M if self.here == "till" else ALONG_M[NAMES.index(self.here)]
        self.note(Kind.WALK, "main")
        self.t_s += way_m
        self.note(Kind.LEAVE, "main")

    def note(
        self, kind: Kind, place: str, lane: int = -1, product: str = "", units: int = 0, amount: float = 0.0,
        planned: bool = False, promotion: int = -1,
    ) -> "Visit":  # fmt: skip
        """Write a fact down."""
        number = PRODUCTS.index(product) if product else -1
        self.story.facts.append(
            (self.t_s, self.number, kind, NAMES.index(place), lane, number, units, amount, planned, promotion)
        )
        return self


@dataclass
class Story:
    """What happened on a day; `needs` and `candidates` list (customer, product)."""

    needs: list[tuple[int, str]] = field(default_factory=list)
    candidates: list[tuple[int, str]] = field(default_factory=list)
    promotions: tuple[Promotion, ...] = ()
    facts: list[tuple[float | int | bool, ...]] = field(default_factory=list)
    customers: int = 0

    def visit(self, at_s: float) -> Visit:
        """Let the next customer in."""
        visit = Visit(self, self.customers, at_s)
        self.customers += 1
        return visit.note(Kind.ENTER, "main")

    def log(self) -> EventLog:
        """The event log: sorted by time and customer, a customer's facts in their own order."""
        t_s, customer, kind, place, lane, product, units, amount, planned, promotion = (
            zip(*sorted(self.facts, key=lambda fact: fact[:2]), strict=True) if self.facts else ((),) * 10
        )
        numbers = [np.array(column, np.int16) for column in (place, lane, product)]
        return EventLog(
            np.array(t_s, float), np.array(customer, np.int32), np.array(kind, np.int8), *numbers,
            np.array(units, np.int32), np.array(amount, float), np.array(planned, bool), np.array(promotion, np.int16),
        )  # fmt: skip

    def day(self, replication: int = 0) -> Day:
        """The day as responses and tables take it."""
        case = Case("plain", corridor().plan, (), self.promotions)
        people = population(self.customers, self.needs, self.candidates)
        habit = np.zeros(self.customers, dtype=np.int64)
        exposure = sparse.csr_array(np.array(EXPOSURE))
        return Day(scenario(case), case, corridor(), people, habit, exposure, self.log(), replication)


def population(customers: int, needs: list[tuple[int, str]], candidates: list[tuple[int, str]]) -> Population:
    """Customers who walk 1 m/s; nothing else about them matters here."""
    half = np.full(customers, 0.5)
    zero = np.zeros(customers, dtype=np.int64)
    return Population(
        arrives_s=half, segment=zero, mission=zero, speed_m_s=np.ones(customers), u_habit=half, knows_store=half > 0,
        u_door=half, u_service=half, patience_s=half, categories=zero + 1, budget=half,
        u_order=Steps.drawn(zero + 1, lambda _: half), u_wander=Steps.drawn(zero + 1, lambda _: half[:, None] + [0, 0]),
        u_guide=half, u_path=half,
        u_switch=np.zeros((len(needs), 2)),
        needs=pairs(customers, needs), candidates=pairs(customers, candidates),
    )  # fmt: skip


def pairs(customers: int, listed: list[tuple[int, str]]) -> Pairs:
    """Pairs of customer and product."""
    customer = np.array(sorted(c for c, _ in listed), dtype=np.int64)
    product = np.array([PRODUCTS.index(p) for _, p in sorted(listed)], dtype=np.int64)
    half = np.full(len(listed), 0.5)
    first = np.searchsorted(customer, np.arange(customers + 1))
    return Pairs(
        first=first, customer=customer, product=product, u_units=half, u_dwell=half, u_place=half, u_want=half,
        threshold=half, odds=half,
    )  # fmt: skip


def scenario(case: Case) -> Scenario:
    """A shop open from 8 to 10 on two days."""
    products = tuple(
        Product(name, name.title(), "c", "d", price, cost, 2.0, {}, 0.4, -1.5, 1.2)
        for name, price, cost in zip(PRODUCTS, PRICES, COSTS, strict=True)
    )
    mission = Mission("fill-in", (1.0,) * 24, (1.0,) * 7, (1.0,))
    segment = Segment("regulars", 1.0, "member", {"fill-in": 1.0}, "nearest_next", 0.5, 1.0, 1.0, 1.0, 1.0, 1.0)
    return Scenario(
        "Test", "USD", 8 * 3600.0, 10 * 3600.0, date(2026, 3, 2), 2, 10.0, products, (segment,), (mission,),
        Parameters(), 2, 1, 0.01, "plain", (case,),
    )  # fmt: skip


@pytest.fixture
def story() -> Story:
    """A day on which nobody has come yet."""
    return Story()


@pytest.fixture
def busy_day() -> Day:
    """Two hundred visits of all kinds, the same in every run of the tests."""
    return tell_many(200)


@pytest.fixture
def tell() -> Callable[[int], Day]:
    """Tells a day with so many visits."""
    return tell_many


def tell_many(visits: int) -> Day:
    """Visits of all kinds: some buy, some only look, some give up at the till, some have a list."""
    rng = np.random.default_rng(7)
    told = Story(promotions=(promotion(),))
    for number in range(visits):
        visit = told.visit(float(rng.uniform(0, 7200)))
        for product in rng.permutation(3)[: rng.integers(0, 4)]:
            name, planned = PRODUCTS[product], bool(rng.random() < 0.5)
            (told.needs if planned else told.candidates).append((number, name))
            if not planned:
                visit.notices(name, NAMES[product])
            visit.goes_to(NAMES[product]).stops(name, float(rng.uniform(5, 60)), planned)
            if rng.random() < 0.8:
                visit.takes(name, int(rng.integers(1, 4)), planned, promotion=0 if name == "cola" else -1)
        if not visit.units:
            visit.leaves()
        elif rng.random() < 0.9:
            visit.pays(float(rng.exponential(60)), float(rng.uniform(20, 90)), int(rng.integers(2)))
        else:
            visit.queues(float(rng.exponential(200)), int(rng.integers(2))).leaves()
    return told.day()


def promotion(first_day: date | None = None, last_day: date | None = None, set_up_cost: float = 8.0) -> Promotion:
    """Cola with 0.1 a unit from its supplier."""
    at = (("B", "front", 1),)
    return Promotion("cola", at, 0.0, 0.0, 86400.0, first_day, last_day, None, None, 0.1, set_up_cost)


@pytest.fixture
def promoted() -> Callable[..., Story]:
    """Begins a day with a promotion of cola; arguments as those of `promotion`."""
    return lambda **changes: Story(promotions=(promotion(**changes),))
