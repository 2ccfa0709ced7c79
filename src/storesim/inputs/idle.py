"""What is written of how a store is run and can never be felt: not wrong, but hardly what was meant."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from storesim.inputs.case import Case, Scenario
from storesim.inputs.mistakes import quoted, shown
from storesim.inputs.operations import BankRun, Opening, Operations

LIMIT = BankRun().item_limit


def idle_warnings(scenario: Scenario, cases: Sequence[Case], path: Path) -> list[str]:
    """Return a warning for each part that has no effect, once, whichever variants have it."""
    runs = dict.fromkeys(what for case in cases for what in _idle(case.operations, scenario))
    return [f"{shown(path)}: {what}" for what in runs]


def _idle(run: Operations, scenario: Scenario) -> Iterator[str]:
    opening = Opening(scenario.opens_s, scenario.closes_s, 0)
    for name, bank in run.tills.banks.items():
        if bank.item_limit != LIMIT and not bank.express_lanes:
            yield f"checkout {quoted(name)} has an item limit and no express lanes: it holds for nobody"
        if _all_outside(bank.schedule, opening):
            yield f"the lanes of checkout {quoted(name)} are open only while the store is closed: nobody is served"
    if run.staff and _all_outside(run.staff.shifts, opening):
        yield "all shifts are while the store is closed: nobody works"
    if run.stock:
        yield from _idle_stock(run, scenario, opening)


def _idle_stock(run: Operations, scenario: Scenario, opening: Opening) -> Iterator[str]:
    if run.stock is None:
        return
    if run.stock.on_empty.substitute and not any(product.substitutes for product in scenario.products):
        yield "no product has a group of substitutes: nobody takes another item at an empty shelf"
    if any(at_s > opening.until_s for at_s in run.stock.refill.rounds_s):
        yield "a refill round is after closing time: it never begins"
    if any(delivery.at_s > opening.until_s for delivery in run.stock.deliveries):
        yield "a delivery is after closing time: it never comes"


def _all_outside(parts: Iterable[Opening], opening: Opening) -> bool:
    """Return whether there are parts of a day, and none with anybody there falls into the opening hours."""
    there = [part for part in parts if part.count]
    return bool(there) and all(part.until_s <= opening.from_s or part.from_s >= opening.until_s for part in there)
