"""The promotions of a variant: what is offered where, when and to whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from storesim.inputs.case import Placement, Promotion
from storesim.inputs.changes import CannotChangeError
from storesim.inputs.mistakes import quoted
from storesim.inputs.names import Names
from storesim.inputs.relocate import homes
from storesim.inputs.scenario import Calendar, PromotionFile
from storesim.inputs.shelves import BayKey, NotThereError, Shelves
from storesim.inputs.values import MIDNIGHT_S, Span


@dataclass(frozen=True)
class Occasion:
    """When the store is open, what it sells and who comes; what is not known (None) is not checked."""

    hours: Span | None
    calendar: Calendar | None
    products: Names | None
    tiers: Names | None
    segments: Names | None


def promotion(
    written: PromotionFile,
    shelves: Shelves | None,
    placements: Sequence[Placement] | None,
    occasion: Occasion,
) -> tuple[Promotion, list[CannotChangeError]]:
    """Return a promotion as it is played, and all that is wrong with it; what is None is not checked."""
    wrong: list[CannotChangeError] = []
    products = occasion.products
    product = products.find(written.product) if products else written.product
    if product is None and products:
        wrong.append(CannotChangeError(products.missing(written.product), "product"))
    if written.at is None and product and placements is not None and not homes(placements, product):
        what = f"{quoted(product)} has no place in the planogram; give it one, or a display (at)"
        wrong.append(CannotChangeError(what, "product"))
    if written.price_cut is not None and not 0 < written.price_cut < 1:
        what = f"a price cut of {100 * written.price_cut:.4g} % cannot be; write one between 0 and 100 %"
        wrong.append(CannotChangeError(what, "price_cut"))
    at = _bays(written, shelves, wrong)
    first, last = _dates(written, occasion, wrong)
    hours = _hours(written, occasion, wrong)
    whom = written.whom
    found = Promotion(
        product=product or written.product,
        at=tuple((bay.fixture, bay.face, bay.bay) for bay in at),
        price_cut=written.price_cut or 0.0,
        from_s=hours.from_s,
        until_s=hours.until_s,
        first_day=first,
        last_day=last,
        tiers=who(whom.tier if whom else None, occasion.tiers, "tier", wrong),
        segments=who(whom.segment if whom else None, occasion.segments, "segment", wrong),
        funded=written.funded,
        set_up_cost=written.set_up_cost,
    )
    return found, wrong


def _bays(written: PromotionFile, shelves: Shelves | None, wrong: list[CannotChangeError]) -> tuple[BayKey, ...]:
    try:
        return tuple(shelf.key for shelf in shelves.at(written.at)) if shelves and written.at else ()
    except NotThereError as error:
        wrong.append(CannotChangeError(str(error), "at"))
        return ()


def _hours(written: PromotionFile, occasion: Occasion, wrong: list[CannotChangeError]) -> Span:
    day = occasion.hours or Span(0.0, MIDNIGHT_S)
    hours = written.hours or day
    if hours.from_s < day.from_s or hours.until_s > day.until_s:
        what = f"hours {hours} reach outside the opening hours {day}; keep within them"
        wrong.append(CannotChangeError(what, "hours"))
    return hours


def _dates(
    written: PromotionFile, occasion: Occasion, wrong: list[CannotChangeError]
) -> tuple[date | None, date | None]:
    if written.dates is None:
        return None, None
    first, last = written.dates
    if last < first:
        wrong.append(CannotChangeError(f"dates end on {last}, before they begin; swap them", "dates"))
    elif occasion.calendar:
        begins = occasion.calendar.first
        ends = begins + timedelta(days=occasion.calendar.days - 1)
        if first < begins or last > ends:
            what = f"dates {first} to {last} reach outside the calendar, {begins} to {ends}; keep within it"
            wrong.append(CannotChangeError(what, "dates"))
    return first, last


def who(
    written: Sequence[str] | None, known: Names | None, key: str, wrong: list[CannotChangeError]
) -> frozenset[str] | None:
    """Return the tiers or segments that get an offer, None for everybody; names that are not there go to `wrong`."""
    if written is None:
        return None
    for number, name in enumerate(written):
        if known and known.find(name) is None:
            wrong.append(CannotChangeError(known.missing(name), "for", key, number))
    return frozenset(known.find(name) or name if known else name for name in written)


def in_words(found: Promotion, written: PromotionFile) -> str:
    """Return a promotion in words."""
    words = [found.product + (f" on display at {written.at}" if written.at else "")]
    if found.price_cut:
        words.append(f"{100 * found.price_cut:.3g} % off")
    if written.hours:
        words.append(str(written.hours))
    if written.dates:
        words.append(f"{found.first_day} to {found.last_day}")
    names = sorted((found.tiers or frozenset()) | (found.segments or frozenset()))
    if names:
        words.append(f"for {' and '.join(names)}")
    return ", ".join(words)
