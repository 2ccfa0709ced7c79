"""One variant's store day as it was played: what responses and tables are computed from."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from storesim.customers.population import Population
from storesim.engine.log import EventLog
from storesim.inputs.case import Case, Promotion, Scenario
from storesim.results.baskets import Baskets, read_baskets
from storesim.results.counters import CounterTable, read_counters
from storesim.results.funnel import Funnels, read_funnels
from storesim.results.losses import Losses, read_losses
from storesim.results.queues import Queues, read_queues
from storesim.results.staffing import Staffing, staffing
from storesim.results.stock import StockTable, read_stock
from storesim.results.trips import Trips, read_trips
from storesim.store.floor import Floor

Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Day:
    """Everything known about one replication of one variant; derived views are read from the log once."""

    scenario: Scenario
    case: Case
    floor: Floor
    population: Population
    habit: Ints
    """Shape (customers,): the habit map that each customer followed."""
    exposure: sparse.csr_array
    """Shape (bays, products): expected notices of the product per second in full view of the bay."""
    log: EventLog
    replication: int = 0
    """Tells the date, and so which promotions are on."""

    @property
    def date(self) -> date:
        """The calendar day that this replication plays."""
        return self.scenario.first_day + timedelta(days=self.replication % self.scenario.days)

    @property
    def promotions(self) -> tuple[Promotion, ...]:
        """The promotions that run on this date."""
        return tuple(promotion for promotion in self.case.promotions if _runs_on(promotion, self.date))

    @cached_property
    def trips(self) -> Trips:
        """Where every customer walked and stood."""
        return read_trips(self.log, self.floor, self.habit, self.population.speed_m_s)

    @cached_property
    def baskets(self) -> Baskets:
        """What was taken and what was paid."""
        return read_baskets(self.log, self.scenario, self.case, len(self.population))

    @cached_property
    def losses(self) -> Losses:
        """Sales that were within reach and did not come."""
        return read_losses(self.population.needs, self.baskets, self.scenario.products)

    @cached_property
    def funnels(self) -> Funnels:
        """How many customers came how far towards buying."""
        return read_funnels(self.trips, self.baskets, self.population, self.log, self.exposure)

    @cached_property
    def staffing(self) -> Staffing:
        """Hours of the staff."""
        lasts_s = self.scenario.closes_s - self.scenario.opens_s
        return staffing(self.log, lasts_s, self.case.operations.staff)

    @cached_property
    def stock(self) -> StockTable:
        """What became of the stock."""
        return read_stock(self.log, self.scenario, self.case)

    @cached_property
    def counters(self) -> CounterTable:
        """The lines at counters."""
        return read_counters(self.trips.moves, self.log, self.floor, self.case.operations.counters)

    @cached_property
    def queues(self) -> Queues:
        """Waiting and being served at the tills."""
        return read_queues(self.trips.moves)


def _runs_on(promotion: Promotion, day: date) -> bool:
    """Return whether a promotion's dates hold the day; an open end holds everything."""
    started = promotion.first_day is None or promotion.first_day <= day
    return started and (promotion.last_day is None or day <= promotion.last_day)
