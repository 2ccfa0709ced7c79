"""How each variant's store is run: what is written for all, laid over by its bases' and its own, and resolved."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from storesim.inputs.case import Placement
from storesim.inputs.drafts import Draft
from storesim.inputs.floor_plan import Checkout, CheckoutKind, FloorPlan
from storesim.inputs.mistakes import Mistakes, quoted
from storesim.inputs.names import Names, folded
from storesim.inputs.operations import (
    PLAIN,
    Advice,
    BankRun,
    ClickAndCollect,
    Comfort,
    Counter,
    Groups,
    Loyalty,
    Opening,
    OpenWhen,
    Operations,
    Payment,
    ScanAndPay,
    Staff,
    Tills,
    Trolleys,
)
from storesim.inputs.operations_written import BankFile, LanesFile, OperationsFile, ShiftFile, TillsFile
from storesim.inputs.promotions import Occasion
from storesim.inputs.stock_read import StockReader
from storesim.inputs.yaml_compose import Node, Step, Value
from storesim.inputs.yaml_source import Source, validate

KEY = "operations"
SUM_TOLERANCE = 0.001
MOST_WORDS = 6
Spot = tuple[Step, ...]


def written(source: Source, line: Sequence[Draft]) -> Node | None:
    """Return what a variant's operations are as written, its bases first in `line`; None: nothing is."""
    parts = [source.node((KEY,)), *(source.node((*one.at, KEY)) for one in line)]
    found = None
    for part in parts:
        if part is not None and part.data is None:
            found = None  # `operations: null`: a plain store again
        elif part is not None:
            found = overlaid(found, part) if found else part
    return found


def overlaid(base: Node, own: Node) -> Node:
    """Return a value laid over another: keys merge, whatever their case, all else replaces; null takes a key away."""
    if not (isinstance(base.data, dict) and isinstance(own.data, dict)):
        return own
    parts = dict(base.parts)
    keys, known = dict(base.keys), {folded(str(step)): step for step in base.parts}
    for step, part in own.parts.items():
        same = known.get(folded(str(step)), step)
        keys[same] = own.keys.get(step, keys.get(same, (own.line, own.col)))
        if part.data is None:
            parts.pop(same, None)
        else:
            parts[same] = overlaid(parts[same], part) if same in parts else part
    data: Value = {str(step): part.data for step, part in parts.items()}
    return replace(own, data=data, parts=parts, keys=keys)


def in_words(source: Source, draft: Draft) -> list[str]:
    """Return what a variant's own operations say, a phrase for each number; of many the first few."""
    leaves = list(_leaves(source.value((*draft.at, KEY)), ()))
    more = [f"and {len(leaves) - MOST_WORDS} more"] if len(leaves) > MOST_WORDS else []
    return [*leaves[:MOST_WORDS], *more]


def _leaves(value: Value, at: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, part in value.items():
            yield from _leaves(part, (*at, str(key)))
    elif at:
        said = "none" if value is None else f"{len(value)} entries" if isinstance(value, list | dict) else str(value)
        yield f"{' '.join(at)}: {said}"


@dataclass(frozen=True)
class Premises:
    """The store that is run, as far as it is known."""

    plan: FloorPlan | None
    placements: tuple[Placement, ...] | None
    occasion: Occasion


def read_operations(
    source: Source, line: Sequence[Draft], premises: Premises, mistakes: Mistakes, warnings: list[str]
) -> Operations:
    """Return how a variant's store is run; plainly, when nothing is written or mistakes keep it from being read."""
    node = written(source, line)
    if node is None:
        return PLAIN
    own = replace(source, root=Node({KEY: node.data}, node.line, node.col, parts={KEY: node}))
    file = validate(OperationsFile, own, mistakes, (KEY,))
    return _Resolver(own, premises, mistakes, warnings).operations(file) if file else PLAIN


@dataclass
class _Resolver:
    source: Source
    premises: Premises
    mistakes: Mistakes
    warnings: list[str]

    def operations(self, file: OperationsFile) -> Operations:
        """Return what is written, with all names found."""
        comfort = file.comfort
        return Operations(
            tills=self._tills(file.tills) if file.tills else Tills(),
            stock=StockReader(self.source, (KEY, "stock"), self.premises.occasion.products, self.mistakes).stock(
                file.stock, self.warnings
            )
            if file.stock
            else None,
            staff=Staff(tuple(map(_shift, file.staff.shifts)), file.staff.wage) if file.staff else None,
            counters=tuple(self._counters(file)),
            advice=tuple(
                Advice(self._zone((KEY, "advice", i, "zone"), a.zone), a.people, a.accepted, a.advice_s, a.odds)
                for i, a in enumerate(file.advice)
            ),
            comfort={
                self._zone((KEY, "comfort", "zones", name), name): Comfort(zone.dwell, zone.wander, zone.signs)
                for name, zone in (comfort.zones.items() if comfort else ())
            },
            finding_s=comfort.finding_s if comfort else 0.0,
            entry_at_most=file.entry.at_most if file.entry else None,
            groups=Groups(**dict(file.groups)) if file.groups else None,
            trolleys=Trolleys(**dict(file.trolleys)) if file.trolleys else None,
            loyalty=Loyalty(self._points(file)),
        )

    def _tills(self, file: TillsFile) -> Tills:
        at = (KEY, "tills")
        if file.open_when and file.open_when.close_below >= file.open_when.queue:
            self._wrong(
                (*at, "open_when", "close_below"), "lanes would open and close at once; write less than 'queue'"
            )
        total = sum(payment.share for payment in file.payments.values())
        if file.payments and abs(total - 1) > SUM_TOLERANCE:
            what = f"the shares of the payments add up to {total:.4g}; change them to add up to 1"
            self._wrong((*at, "payments"), what, of_key=True)
        if file.scan_and_pay:
            self._needs("mobile", (*at, "scan_and_pay"))
        if file.click_and_collect:
            self._needs("collect", (*at, "click_and_collect"))
        own, collect, rule = file.scan_and_pay, file.click_and_collect, file.open_when
        return Tills(
            banks=dict(self._bank(name, bank) for name, bank in file.banks.items()),
            choice=file.choice,
            jockey=file.jockey,
            foresight=file.foresight,
            open_when=OpenWhen(rule.queue, rule.close_below, rule.delay_s) if rule else None,
            payments=tuple(Payment(name, one.share / (total or 1), one.added_s) for name, one in file.payments.items()),
            scan_and_pay=ScanAndPay(own.share, own.pay_s, own.scan_s) if own else None,
            collect=ClickAndCollect(collect.share, collect.hand_over_s, collect.pick_s) if collect else None,
        )

    def _bank(self, name: str, file: BankFile) -> tuple[str, BankRun]:
        at = (KEY, "tills", "banks", name)
        checkout = self._checkout(at, name)
        if checkout:
            self._check_bank(at, checkout, file)
        return checkout.id if checkout else name, BankRun(
            express_lanes=file.express_lanes,
            item_limit=file.item_limit,
            schedule=tuple(map(_lanes, file.lanes)),
            attendants=file.attendants,
            p_intervention=file.interventions,
            intervention_s=file.intervention_s,
            racks=tuple(self._fixture((*at, "racks", i), rack) for i, rack in enumerate(file.racks)),
        )

    def _check_bank(self, at: Spot, checkout: Checkout, file: BankFile) -> None:
        of_it = f"{quoted(checkout.id)} has {checkout.lanes} lane{'s' if checkout.lanes != 1 else ''}"
        if file.express_lanes and checkout.kind != "cashier":
            self._wrong(
                (*at, "express_lanes"), f"{quoted(checkout.id)} has no cashiers; express lanes are theirs, drop it"
            )
        elif file.express_lanes > checkout.lanes:
            self._wrong((*at, "express_lanes"), f"{of_it}, not {file.express_lanes} for express; write at most as many")
        for i, lanes in enumerate(file.lanes):
            if lanes.count > checkout.lanes:
                self._wrong((*at, "lanes", i, "count"), f"{of_it}, not {lanes.count}; write at most as many")
        for key, value in (("attendants", file.attendants), ("interventions", file.interventions)):
            if value and checkout.kind != "self_service":
                self._wrong((*at, key), f"{quoted(checkout.id)} is no self-service; drop {quoted(key)}")
        if file.interventions and not file.attendants and checkout.kind == "self_service":
            self._wrong((*at, "interventions"), "nobody is there to intervene; write 'attendants', at least 1")

    def _counters(self, file: OperationsFile) -> Iterator[Counter]:
        seen: dict[str, str] = {}
        for name, counter in file.counters.items():
            at = (KEY, "counters", name, "fixture")
            fixture = self._fixture(at, counter.fixture)
            if seen.setdefault(fixture, name) != name:
                self._wrong(at, f"{quoted(fixture)} is the counter {quoted(seen[fixture])} already; keep one")
            elif self._is_bare(fixture):
                self._wrong(at, f"nothing stands on {quoted(fixture)}; name a fixture that the planogram fills")
            yield Counter(name, fixture, counter.people, counter.service_s, counter.service_cv, counter.conversion)

    def _is_bare(self, fixture: str) -> bool:
        """Return whether a fixture of the layout holds nothing, as far as that is known."""
        plan, placements = self.premises.plan, self.premises.placements
        is_there = plan is not None and any(one.id == fixture for one in plan.fixtures)
        return is_there and bool(placements) and not any(p.fixture == fixture for p in placements or ())

    def _points(self, file: OperationsFile) -> Mapping[str, float]:
        tiers, found = self.premises.occasion.tiers, {}
        for name, share in (file.loyalty.points if file.loyalty else {}).items():
            if tiers and tiers.find(name) is None:
                self._wrong((KEY, "loyalty", "points", name), tiers.missing(name), of_key=True)
            found[(tiers.find(name) if tiers else None) or name] = share
        return found

    def _needs(self, kind: CheckoutKind, at: Spot) -> None:
        plan = self.premises.plan
        if plan and not any(checkout.kind == kind for checkout in plan.checkouts):
            what = f"the layout has no checkout of kind {quoted(kind)}; add one, or drop {quoted(at[-1])}"
            self._wrong(at, what, of_key=True)

    def _checkout(self, at: Spot, name: str) -> Checkout | None:
        plan = self.premises.plan
        if plan is None:
            return None
        found = next((one for one in plan.checkouts if folded(one.id) == folded(name)), None)
        if found is None:
            names = Names("checkout", "the layout", (one.id for one in plan.checkouts))
            self._wrong(at, names.missing(name), of_key=True)
        return found

    def _fixture(self, at: Spot, name: str) -> str:
        return self._named(
            at, name, "fixture", [f.id for f in self.premises.plan.fixtures] if self.premises.plan else []
        )

    def _zone(self, at: Spot, name: str) -> str:
        return self._named(
            at, name, "zone", [zone.id for zone in self.premises.plan.zones] if self.premises.plan else []
        )

    def _named(self, at: Spot, name: str, kind: str, known: Sequence[str]) -> str:
        if self.premises.plan is None:
            return name
        names = Names(kind, "the layout", known)
        if names.find(name) is None:
            self._wrong(at, names.missing(name), of_key=at[-1] == name)
        return names.find(name) or name

    def _wrong(self, at: Spot, what: str, of_key: bool = False) -> None:
        self.mistakes.add(self.source.key_mark(at) if of_key else self.source.mark(at), what)


def _lanes(file: LanesFile) -> Opening:
    return Opening(file.hours.from_s, file.hours.until_s, file.count)


def _shift(file: ShiftFile) -> Opening:
    return Opening(file.hours.from_s, file.hours.until_s, file.people)
