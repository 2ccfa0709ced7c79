"""The ways out: which checkout a customer heads for, and paying there."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from storesim.behaviour.lines import COLLECTS, ORDINARY, SCANS, payment_s, ways_to_pay
from storesim.behaviour.paying import choose_bank
from storesim.customers.at_tills import TillDraws
from storesim.engine.clock import Clock, Process
from storesim.engine.facts import FactWriter
from storesim.engine.lanes import Lanes
from storesim.engine.racks import Racks
from storesim.engine.sheets import CustomerSheet, TillSheet, looked_up
from storesim.engine.shop import Shop
from storesim.engine.staff import Staff
from storesim.engine.tills import Tills
from storesim.engine.visit import Visitor
from storesim.inputs import operations

PLAIN_KINDS = ("cashier", "self_service")


class WaysOut(Protocol):
    """How customers pay in a store."""

    def choose(self, visitor: Visitor, metres: Sequence[float]) -> int:
        """Return the checkout that a customer heads for, who is so far away from each."""

    def pay(self, visitor: Visitor, bank: int) -> Process:
        """Queue, be served and pay; return whether it was paid."""

    def scan_s(self, customer: int) -> float:
        """Return the seconds that a customer takes to scan a unit at the shelf."""

    def collects(self, customer: int) -> bool:
        """Return whether a customer comes for an order only."""

    def pick(self, units: int) -> None:
        """Have an order picked."""

    def close(self) -> None:
        """Everybody is out."""


class PlainWaysOut:
    """Tills of which nothing is said: all open all day, and everybody pays there."""

    def __init__(self, tills: Tills, ways: TillSheet, customers: CustomerSheet):
        self._tills, self._ways, self._customers = tills, ways, customers

    def choose(self, visitor: Visitor, metres: Sequence[float]) -> int:  # noqa: ARG002, D102
        return choose_bank(self._tills.lengths, metres)

    def pay(self, visitor: Visitor, bank: int) -> Process:  # noqa: D102
        number, units = visitor.number, visitor.units
        service_s = self._ways.law[bank].mean_s(units) * self._customers.service[number]
        patience_s = self._customers.patience_s[number]
        return self._tills.check_out(number, bank, service_s, patience_s, units, visitor.spent)

    def scan_s(self, customer: int) -> float:  # noqa: ARG002, D102
        return 0.0

    def collects(self, customer: int) -> bool:  # noqa: ARG002, D102
        return False

    def pick(self, units: int) -> None:
        """Nobody orders."""

    def close(self) -> None:
        """Nobody has to go home."""


class RunWaysOut:
    """Tills as a scenario has them run."""

    def __init__(
        self,
        env: Clock,
        lanes: Lanes,
        ways: TillSheet,
        customers: CustomerSheet,
        tills: operations.Tills,
        draws: TillDraws,
        racks: Mapping[int, Racks],
    ):
        self._env, self._lanes, self._ways, self._customers = env, lanes, ways, customers
        self._way = looked_up(ways_to_pay(draws.u_scan, draws.u_collect, tills))
        self._added_s = looked_up(payment_s(draws.u_payment, tills.payments))
        self._u_foresight, self._u_help = looked_up(draws.u_foresight), looked_up(draws.u_intervention)
        self._scan_s = tills.scan_and_pay.scan_s if tills.scan_and_pay else 0.0
        self._racks = racks

    def choose(self, visitor: Visitor, metres: Sequence[float]) -> int:  # noqa: D102
        return self._lanes.choose(metres, visitor.units, self._way[visitor.number])

    def pay(self, visitor: Visitor, bank: int) -> Process:  # noqa: D102
        c, units = visitor.number, visitor.units
        service_s = self._ways.law[bank].mean_s(units) * self._customers.service[c]
        if self._way[c] == ORDINARY:
            service_s += self._added_s[c]
        patience_s = self._customers.patience_s[c]
        foresight, help_ = self._u_foresight[c], self._u_help[c]
        seen = self._looking(visitor, bank) if bank in self._racks else None
        return self._lanes.check_out(c, bank, service_s, patience_s, units, visitor.spent, foresight, help_, seen)

    def _looking(self, visitor: Visitor, bank: int) -> Callable[[float], tuple[int, float, float]]:
        """Return what happens to a customer's basket while waiting beside racks."""

        def look(wait_s: float) -> tuple[int, float, float]:
            before = visitor.units
            self._racks[bank].wait(visitor, wait_s)
            more = self._ways.law[bank].per_unit_s * (visitor.units - before)
            return visitor.units, visitor.spent, more * self._customers.service[visitor.number]

        return look

    def scan_s(self, customer: int) -> float:  # noqa: D102
        return self._scan_s if self._way[customer] == SCANS else 0.0

    def collects(self, customer: int) -> bool:  # noqa: D102
        return bool(self._way[customer] == COLLECTS)

    def pick(self, units: int) -> None:  # noqa: D102
        self._env.process(self._lanes.pick(units))

    def close(self) -> None:  # noqa: D102
        self._lanes.everybody_out()


def ways_out(
    env: Clock,
    facts: FactWriter,
    shop: Shop,
    staff: Staff,
    ways: TillSheet,
    customers: CustomerSheet,
    draws: TillDraws | None,
    make_racks: Callable[[Sequence[str]], Racks],
) -> WaysOut:
    """Return the ways out of a shop: plain ones where a scenario says nothing of tills or of staff.

    `make_racks` makes the racks of a checkout from their fixtures.
    """
    checkouts, run = shop.floor.plan.checkouts, shop.case.operations
    is_plain = run.tills == operations.Tills() and run.staff is None
    if draws is None or (is_plain and all(checkout.kind in PLAIN_KINDS for checkout in checkouts)):
        return PlainWaysOut(Tills(env, facts, checkouts, ways.place[0]), ways, customers)
    lanes = Lanes(env, facts, checkouts, ways.place[0], run.tills, ways.law, staff, shop.scenario.opens_s)
    beside = {
        number: make_racks(run.tills.banks[checkout.id].racks)
        for number, checkout in enumerate(checkouts)
        if checkout.id in run.tills.banks and run.tills.banks[checkout.id].racks
    }
    return RunWaysOut(env, lanes, ways, customers, run.tills, draws, beside)
