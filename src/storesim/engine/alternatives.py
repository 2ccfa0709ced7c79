"""Items that customers take for one another: what is taken in place of what stood on the list, and what it spares."""

from storesim.behaviour.buying import units_at
from storesim.behaviour.offers import Offer, Offers
from storesim.behaviour.substitutes import Substitutes, switched_to
from storesim.engine.sheets import PairSheet, PriceSheet
from storesim.engine.stock import ShelfStock
from storesim.engine.visit import Visitor
from storesim.inputs.parameters import Parameters


class Alternatives:
    """The groups of substitutes on one day."""

    def __init__(
        self, substitutes: Substitutes, offers: Offers, pairs: PairSheet, prices: PriceSheet, parameters: Parameters
    ):
        self._substitutes, self._offers, self._parameters = substitutes, offers, parameters
        self._pairs, self._prices = pairs, prices

    def instead(self, visitor: Visitor, pair: int, place: int, ratio: float, now_s: float) -> tuple[int, Offer] | None:
        """Return the item of the group that is taken for the one on the list, and its offer; None: the one on the list.

        `ratio` is price over regular price of the one on the list, the others stand at the offers of their own homes.
        Items that are on the list too, or were looked for before, are no alternatives.
        """
        product = self._pairs.product[pair]
        in_reach = self._substitutes.in_reach.get((product, place))
        if not in_reach:
            return None
        rivals = [
            (other, self._offers.offer(other, now_s, visitor.segment), share)
            for other, share in in_reach
            if other not in visitor.listed and other not in visitor.settled
        ]
        chosen = switched_to(
            self._pairs.u_switch[pair, 0],
            ratio,
            self._substitutes.share[product],
            [(theirs[0], share) for _, theirs, share in rivals],
            self._parameters.switching,
        )
        return rivals[chosen][:2] if chosen >= 0 else None

    def rivals(self, visitor: Visitor, product: int, place: int, stock: ShelfStock | None) -> list[tuple[int, float]]:
        """Return the (item, share) of the group that are in reach, there, and not on the list or looked for before."""
        return [
            (other, share)
            for other, share in self._substitutes.in_reach.get((product, place), ())
            if other not in visitor.listed and other not in visitor.settled and (stock is None or stock.has(other))
        ]

    def units(self, visitor: Visitor, pair: int, product: int, ratio: float) -> int:
        """Return how many are taken for what is on the list: the customer's own uniform says it of that item."""
        elasticity = self._prices.planned[visitor.segment][product]
        return units_at(self._pairs.u_units[pair], self._prices.units[product], ratio, elasticity)

    def spare(self, visitor: Visitor, product: int) -> None:
        """Settle the other items of a group that one was bought of; those on the list with a probability only."""
        others = self._substitutes.group.get(product)
        if not others:
            return
        on_list = dict(zip(visitor.listed, range(visitor.first_need, len(self._pairs.product)), strict=False))
        for other in others:
            pair = on_list.get(other, -1)
            if other in visitor.settled:
                continue
            if pair < 0:
                visitor.settled.add(other)
            elif self._pairs.u_switch[pair, 1] < self._parameters.p_replaces:
                visitor.settled.add(other)
                visitor.committed -= self._prices.regular[other] * self._pairs.units[pair]
