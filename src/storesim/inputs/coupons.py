"""The coupons of a variant: for which products, how many each, to whom, and who follows them."""

from collections.abc import Iterator, Sequence

from storesim.inputs.case import Coupon, Placement
from storesim.inputs.changes import CannotChangeError
from storesim.inputs.mistakes import quoted
from storesim.inputs.names import Names
from storesim.inputs.promotions import Occasion, who
from storesim.inputs.relocate import homes
from storesim.inputs.scenario import CouponFile


def coupon(
    written: CouponFile, placements: Sequence[Placement] | None, occasion: Occasion
) -> tuple[Coupon, list[CannotChangeError]]:
    """Return coupons as they are given out, and all that is wrong with them; what is None is not checked."""
    wrong = [*_flaws(written.products, placements, occasion.products), *_odd_shares(written)]
    known, whom = occasion.products, written.whom
    found = Coupon(
        products=tuple((known.find(name) if known else None) or name for name in written.products),
        each=written.each,
        target=written.target,
        p_follow=written.follow,
        price_cut=written.price_cut,
        tiers=who(whom.tier if whom else None, occasion.tiers, "tier", wrong),
        segments=who(whom.segment if whom else None, occasion.segments, "segment", wrong),
    )
    return found, wrong


def _flaws(
    products: Sequence[str], placements: Sequence[Placement] | None, known: Names | None
) -> Iterator[CannotChangeError]:
    """Yield what is wrong with the products: not there, named twice, or without a home to go to."""
    seen: set[str] = set()
    for number, name in enumerate(products):
        product = known.find(name) if known else name
        if product is None and known:
            yield CannotChangeError(known.missing(name), "products", number)
        elif product in seen:
            yield CannotChangeError(f"{quoted(name)} is there twice; name each product once", "products", number)
        elif product and placements is not None and not homes(placements, product):
            what = f"{quoted(product)} has no place in the planogram; give it one, or leave it out"
            yield CannotChangeError(what, "products", number)
        seen.add(product or name)


def _odd_shares(written: CouponFile) -> Iterator[CannotChangeError]:
    if not 0 <= written.follow <= 1:
        what = f"that {100 * written.follow:.4g} % follow a coupon cannot be; write 0 to 100 %"
        yield CannotChangeError(what, "follow")
    if not 0 <= written.price_cut < 1:
        what = f"a price cut of {100 * written.price_cut:.4g} % cannot be; write one from 0 to below 100 %"
        yield CannotChangeError(what, "price_cut")


def in_words(found: Coupon) -> str:
    """Return coupons in words."""
    cut = f", {100 * found.price_cut:.3g} % off" if found.price_cut else ""
    names = sorted((found.tiers or frozenset()) | (found.segments or frozenset()))
    which = "" if found.target == "any" else f" the {'farthest' if found.target == 'far' else 'nearest'}"
    who_gets = f", for {' and '.join(names)}" if names else ""
    return f"coupons for{which} {found.each} of {', '.join(found.products)}{cut}{who_gets}"
