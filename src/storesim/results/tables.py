"""A day's tables by zone, fixture, product, and checkout and hour, as arrays in a fixed row order.

Money is in the scenario's currency; counts, seconds and money are those of the whole day.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from storesim.inputs.case import Case, Scenario
from storesim.inputs.operations import Job, Tills
from storesim.results import till_hours
from storesim.results.at_work import sits_anybody
from storesim.results.baskets import Baskets
from storesim.results.counters import CounterTable
from storesim.results.day import Day
from storesim.results.loyalty import ALL_TIERS, ChurnTable, TierTable, tiers_of
from storesim.results.presence import read_presence
from storesim.results.responses import visitors
from storesim.results.staffing import StaffTable, sat_s, staff_table
from storesim.results.stock import StockTable
from storesim.results.sums import group_counts, group_sums, share
from storesim.results.table import Names, Table

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NO_ZONE = "(no zone)"


@dataclass(frozen=True, eq=False)
class ZoneTable(Table):
    """Rows: the plan's zones in its order, and last the floor outside all zones."""

    area_m2: Floats
    visits: Floats
    """Customers who walked through or stopped there."""
    visit_share: Floats
    """Visits ÷ visitors; 0 when nobody came."""
    dwell_s: Floats
    """Mean seconds stood at its shelves, per customer who entered it; 0 when nobody did."""
    peak_occupancy: Floats
    """Highest mean number of customers in any five minutes counted from opening.

    A straight stretch of a way counts in the zone that holds most of it.
    """
    sales: Floats
    """Paid, by the place where it was taken."""
    margin: Floats
    """Without the set-up costs of promotions."""
    sales_per_m2: Floats
    """0 where no area is known."""


@dataclass(frozen=True, eq=False)
class FixtureTable(Table):
    """Rows: the plan's fixtures in its order."""

    passed: Floats
    """Customers who had any of its bays in view."""
    noticed: Floats
    """Customers who noticed something on it; partly expected, see `funnel`."""
    bought: Floats
    """Customers who took something from it and paid."""
    sales: Floats
    margin: Floats
    """Without the set-up costs of promotions."""
    metres: Floats
    """Linear shelf metres: widths of all bays times levels."""
    sales_per_metre: Floats
    space_share: Floats
    """Share of the floor's shelf metres, to be held against `sales_share`."""
    sales_share: Floats


@dataclass(frozen=True, eq=False)
class ProductTable(Table):
    """Rows: the scenario's products in its order."""

    exposed: Floats
    """Customers without it on their list who had it in view; the first of four steps that never grow."""
    noticed: Floats
    """... and noticed it; partly expected, see `funnel`."""
    wanted: Floats
    """... and wanted it at the price there, and went to its shelf."""
    bought: Floats
    """... and bought it, unplanned."""
    bought_planned: Floats
    """Customers who had it on their list and bought it."""
    units: Floats
    """Units paid, planned and not."""
    sales: Floats
    margin: Floats
    """After supplier funding and the set-up costs of its promotions."""
    lost_not_found: Floats
    """On a list and not taken: value at the regular price and mean units."""
    lost_queue: Floats
    """Taken and left at the till: value at the regular price."""


@dataclass(frozen=True, eq=False)
class CheckoutTable(Table):
    """Rows: checkout by checkout, the hours in which customers joined; the last hour begins at closing."""

    arrivals: Floats
    """Customers who joined the queue in this hour; waits and leaving belong to the hour of joining."""
    wait_s: Floats
    """Mean wait; 0 when nobody joined."""
    wait_p95_s: Floats
    """Smallest wait that 95 % do not exceed; 0 when nobody joined."""
    longest_queue: Floats
    """Most customers waiting in one lane at a time, who is served not counted."""
    utilisation: Floats
    """Share of lane time spent serving."""
    left_without_paying: Floats


@dataclass(frozen=True, eq=False)
class Tables:
    """All tables of a day, or of many stacked; None where a store has nothing of the kind."""

    zones: ZoneTable
    fixtures: FixtureTable
    products: ProductTable
    checkouts: CheckoutTable
    stock: StockTable | None = None
    counters: CounterTable | None = None
    staff: StaffTable | None = None
    tiers: TierTable | None = None
    churn: ChurnTable | None = None

    def there(self) -> Iterator[tuple[str, Table]]:
        """Yield the names of the tables that there are, and the tables."""
        for kind in fields(self):
            table = getattr(self, kind.name)
            if table is not None:
                yield kind.name, table

    @classmethod
    def of(cls, tables: Mapping[str, Table]) -> Self:
        """Return tables by their names.

        Raises:
            KeyError: one is missing that every store has.
        """
        return cls(**{kind.name: tables[kind.name] for kind in fields(cls) if kind.name in tables or _is_needed(kind)})  # type: ignore[arg-type]

    @classmethod
    def stack(cls, days: Sequence[Self]) -> Self:
        """Return several days with a leading axis, shape (replications, rows)."""
        return cls.of(
            {name: type(table).stack([getattr(day, name) for day in days]) for name, table in days[0].there()}
        )

    @classmethod
    def mean(cls, days: Sequence[Self]) -> Self:
        """Return the mean day, column by column."""
        return cls.of({name: type(table).mean([getattr(day, name) for day in days]) for name, table in days[0].there()})


KINDS: Mapping[str, type[Table]] = {
    "zones": ZoneTable,
    "fixtures": FixtureTable,
    "products": ProductTable,
    "checkouts": CheckoutTable,
    "stock": StockTable,
    "counters": CounterTable,
    "staff": StaffTable,
    "tiers": TierTable,
    "churn": ChurnTable,
}
"""Tables by name, in the order in which they are written."""


def _is_needed(kind: "Field[Any]") -> bool:
    return kind.default is MISSING


def row_names(scenario: Scenario, case: Case) -> dict[str, Names]:
    """Return by table the names of the rows of a case's tables, in order; hours as HH:MM."""
    plan = case.plan
    hours = [f"{hour:02d}:00" for hour in till_hours.clock_hours(scenario).tolist()]
    return {
        "zones": (*((zone.id,) for zone in plan.zones), (NO_ZONE,)),
        "fixtures": tuple((fixture.id,) for fixture in plan.fixtures),
        "products": tuple((product.id,) for product in scenario.products),
        "checkouts": tuple((checkout.id, hour) for checkout in plan.checkouts for hour in hours),
        "stock": tuple((product.id,) for product in scenario.products),
        "counters": tuple((counter.name,) for counter in case.operations.counters),
        "staff": tuple((job.name.lower(),) for job in Job),
        "tiers": (*((tier,) for tier in tiers_of(scenario)), (ALL_TIERS,)),
        "churn": tuple((segment.name,) for segment in scenario.segments),
    }


def tabulate(day: Day) -> Tables:
    """Return all tables of a day."""
    run = day.case.operations
    has_staff = run.staff or run.tills != Tills()
    return Tables(
        _zones(day),
        _fixtures(day),
        _products(day),
        _checkouts(day),
        stock=day.stock if run.stock else None,
        counters=day.counters if run.counters else None,
        staff=staff_table(day.staffing, run.staff.wage if run.staff else 0.0) if has_staff else None,
    )


def _zones(day: Day) -> ZoneTable:
    zones = day.floor.plan.zones
    presence = read_presence(day)
    place_zone = np.append(day.floor.places.zone, -1)  # place -1, nowhere: the last
    zone = place_zone[day.baskets.place]
    sales, margin = _money(day.baskets, np.where(zone < 0, len(zones), zone), len(zones) + 1)
    area_m2 = np.array([*(zone.area_m2 for zone in zones), 0.0])
    return ZoneTable(
        area_m2=area_m2,
        visits=presence.visits,
        visit_share=share(presence.visits, visitors(day)),
        dwell_s=share(presence.browsed_s, presence.visits),
        peak_occupancy=presence.peak,
        sales=sales,
        margin=margin,
        sales_per_m2=share(sales, area_m2),
    )


def _fixtures(day: Day) -> FixtureTable:
    fixtures = day.floor.plan.fixtures
    funnel = day.funnels.fixtures
    place_fixture = np.full(len(day.floor.places.zone) + 1, len(fixtures))
    place_fixture[: day.floor.places.bays] = day.floor.places.fixture
    sales, margin = _money(day.baskets, place_fixture[day.baskets.place], len(fixtures) + 1)
    metres = np.array([f.levels * sum(bay.width_m for face in f.faces for bay in face.bays) for f in fixtures])
    return FixtureTable(
        passed=funnel.passed,
        noticed=funnel.noticed,
        bought=funnel.bought,
        sales=sales[:-1],
        margin=margin[:-1],
        metres=metres,
        sales_per_metre=share(sales[:-1], metres),
        space_share=share(metres, metres.sum()),
        sales_share=share(sales[:-1], sales.sum()),
    )


def _products(day: Day) -> ProductTable:
    products, baskets = day.scenario.products, day.baskets
    funnel = day.funnels.products
    sales, margin = _money(baskets, baskets.product, len(products))
    number = {product.id: i for i, product in enumerate(products)}
    for promotion in day.promotions:
        margin[number[promotion.product]] -= promotion.set_up_cost
    planned = baskets.paid & baskets.planned
    return ProductTable(
        exposed=funnel.exposed,
        noticed=funnel.noticed,
        wanted=funnel.wanted,
        bought=funnel.bought,
        bought_planned=group_counts(baskets.product[planned], len(products)),
        units=group_sums(baskets.product, baskets.units * baskets.paid, len(products)),
        sales=sales,
        margin=margin,
        lost_not_found=day.losses.not_found,
        lost_queue=day.losses.queue,
    )


def _checkouts(day: Day) -> CheckoutTable:
    queues, places = day.queues, day.floor.places
    first = places.bays + places.doors
    checkout = queues.place - first
    begins_s = till_hours.begin_s(day.scenario)
    shape = (places.checkouts, len(begins_s))
    group, groups = checkout * shape[1] + till_hours.hour_of(queues.joined_s, begins_s), shape[0] * shape[1]
    ends_s = till_hours.ends_s(queues, begins_s)
    left = ~day.baskets.customer_paid[queues.customer]
    return CheckoutTable(
        arrivals=group_counts(group, groups),
        wait_s=till_hours.wait_mean_s(group, queues.wait_s, groups),
        wait_p95_s=till_hours.wait_p95_s(group, queues.wait_s, groups),
        longest_queue=till_hours.longest_queue(queues.lines, queues.lines.place - first, begins_s, shape).ravel(),
        utilisation=till_hours.utilisation(queues, checkout, begins_s, ends_s, _open_s(day, begins_s, ends_s)).ravel(),
        left_without_paying=group_counts(group[left], groups),
    )


def _open_s(day: Day, begins_s: Floats, ends_s: Floats) -> Floats:
    """Return the seconds that lanes are open: while cashiers sit there, or all of them all day; (checkouts, hours)."""
    checkouts, places = day.floor.plan.checkouts, day.floor.places
    first = places.bays + places.doors
    is_told = sits_anybody(day)
    return np.array(
        [
            sat_s(day.log, first + number, begins_s, ends_s)
            if is_told and checkout.kind == "cashier"
            else checkout.lanes * (ends_s - begins_s)
            for number, checkout in enumerate(checkouts)
        ]
    ).reshape(len(checkouts), len(begins_s))


def _money(baskets: Baskets, group: NDArray[np.integer], groups: int) -> tuple[Floats, Floats]:
    """Return paid sales and margin by group of each take; shapes (groups,)."""
    paid, where = baskets.paid, group[baskets.paid]
    return group_sums(where, baskets.amount[paid], groups), group_sums(where, baskets.margin[paid], groups)
