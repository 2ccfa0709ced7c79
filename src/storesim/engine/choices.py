"""What customers decide in front of goods: at what price they meet them, whether they want them, what they take."""

from collections.abc import Mapping
from math import exp

from storesim.behaviour.buying import is_affordable, is_wanted, units_at, urgency, wallet_room
from storesim.behaviour.offers import REGULAR, Offer, Offers
from storesim.behaviour.on_empty import POSTPONES, SUBSTITUTES, instead, on_empty
from storesim.engine.advisers import Advisers
from storesim.engine.alternatives import Alternatives
from storesim.engine.clock import Clock
from storesim.engine.facts import FactWriter, met, took
from storesim.engine.log import Kind
from storesim.engine.sheets import PairSheet, price_sheet
from storesim.engine.shop import Shop
from storesim.engine.stock import ShelfStock
from storesim.engine.visit import Visitor
from storesim.inputs.operations import OnEmpty

NOTICE, TAKE = int(Kind.NOTICE), int(Kind.TAKE)
MISS, POSTPONE, SWITCH = int(Kind.MISS), int(Kind.POSTPONE), int(Kind.SWITCH)


class Choices:
    """The choices of one day."""

    def __init__(
        self, shop: Shop, env: Clock, facts: FactWriter, offers: Offers, pairs: PairSheet, coupons: Mapping[int, float]
    ):
        parameters = shop.scenario.parameters
        self._env, self._add, self._mates = env, facts.add, shop.mates
        self._offers, self._pairs, self._coupons = offers, pairs, coupons
        self._prices = price_sheet(shop.scenario)
        self._urge, self._wallet_grip = parameters.urge, parameters.wallet_grip
        self._alternatives = Alternatives(shop.substitutes, offers, pairs, self._prices, parameters)
        self._has_groups = bool(shop.substitutes.group)
        self._is_regular = [not coupons and not promotions for promotions in offers.of_presence]
        self.stock: ShelfStock | None = None
        """None: nothing ever runs out."""
        self.advisers: Advisers | None = None

    def notices(self, visitor: Visitor, pair: int, presence: int, place: int, shyness: float) -> bool:
        """Notice a product, and return whether it is wanted: what is on the list always is."""
        pairs, prices, now_s = self._pairs, self._prices, self._env.now
        ratio, promotion = REGULAR if self._is_regular[presence] else self._offer(visitor, pair, presence)
        product, planned = pairs.product[pair], pair < pairs.needs
        self._add(met(now_s, visitor.number, NOTICE, place, product, planned, promotion))
        if planned:
            return True
        added = urgency(now_s - visitor.came_s, self._urge) - shyness
        if self._mates:
            added += self._pull(visitor, presence, place)
        room = wallet_room(visitor.impulse, visitor.slack, self._wallet_grip)
        elasticity = prices.incidence[visitor.segment][product]
        odds = pairs.odds[pair] * exp(added)
        if self.advisers is not None:
            factor, seconds = self.advisers.advise(visitor.number, place)
            odds, visitor.advice_s = odds * factor, visitor.advice_s + seconds
        return is_wanted(pairs.u_want[pair], odds, ratio, elasticity, room)

    def decide(self, visitor: Visitor, pair: int, presence: int, place: int) -> bool:
        """Take what is found and affordable, or another item for it; return whether the shelf had what was wanted."""
        pairs, prices = self._pairs, self._prices
        ratio, promotion = REGULAR if self._is_regular[presence] else self._offer(visitor, pair, presence)
        product, units, planned = pairs.product[pair], pairs.units[pair], pair < pairs.needs
        price = prices.regular[product]
        if planned:
            visitor.committed -= price * units
        if ratio != 1.0:
            units = self._units(visitor, pair, ratio)
        amount = units * price * ratio
        visitor.settled.add(product)
        if planned:
            found = pairs.u_want[pair] < prices.p_found
            if found and not (self._has_groups and self._switches(visitor, pair, place, ratio)):
                return self._take(visitor, product, place, presence, True, units, amount, promotion)
        elif self.stock is not None and not self.stock.has(presence):
            return False
        elif self._affords(visitor, pair, amount):
            self._alternatives.spare(visitor, product)
            return self._take(visitor, product, place, presence, False, units, amount, promotion)
        return True

    def hand_over(self, visitor: Visitor, place: int) -> None:
        """Take all that is on the list, as ordered, at the prices of its homes."""
        pairs, prices = self._pairs, self._prices
        for pair in range(visitor.first_need, visitor.first_need + len(visitor.listed)):
            product, units = pairs.product[pair], pairs.units[pair]
            ratio, promotion = REGULAR if self._is_regular[product] else self._offer(visitor, pair, product)
            if ratio != 1.0:
                units = self._units(visitor, pair, ratio)
            amount = units * prices.regular[product] * ratio
            if not self._take(visitor, product, place, product, True, units, amount, promotion):
                self._say(MISS, visitor, pair, place)

    def _offer(self, visitor: Visitor, pair: int, presence: int) -> Offer:
        """Return the price ratio, and the promotion behind it, that this customer meets at a presence now.

        Who holds a coupon for the product pays its price where it is the lower one.
        """
        best = self._offers.offer(presence, self._env.now, visitor.segment)
        if pair in self._coupons and self._coupons[pair] < best[0]:
            return self._coupons[pair], best[1]
        return best

    def _pull(self, visitor: Visitor, presence: int, place: int) -> float:
        """Return the log-odds added by the strongest mate in reach that the customer has, or has on the list."""
        for mate, where, log_odds in self._mates.get((presence, place), ()):
            if (mate in visitor.taken or mate in visitor.listed) and self._offers.stands(where, self._env.now):
                return log_odds
        return 0.0

    def _switches(self, visitor: Visitor, pair: int, place: int, ratio: float) -> bool:
        """Take another item of the group for the one on the list, or leave it at that; return which."""
        other = self._alternatives.instead(visitor, pair, place, ratio, self._env.now)
        if not other:
            return False
        product, offer = other
        units = self._alternatives.units(visitor, pair, product, offer[0])
        amount = units * self._prices.regular[product] * offer[0]
        visitor.settled.add(product)
        return self._take(visitor, product, place, product, True, units, amount, offer[1])

    def _take(
        self,
        visitor: Visitor,
        product: int,
        place: int,
        presence: int,
        planned: bool,
        units: int,
        amount: float,
        promotion: int,
    ) -> bool:
        """Put units of a product into the basket, as far as they are there; return whether any were.

        `planned`: it was on the list, or is taken in place of what was.
        """
        if self.stock is not None:
            had = self.stock.take(presence, units)
            if had < units:
                amount, units = amount * had / units, had
            if not had:
                return False
            visitor.basket.append((product, units))
        visitor.taken.add(product)
        visitor.spent += amount
        visitor.units += units
        self._add(took(self._env.now, visitor.number, TAKE, place, product, planned, promotion, units, amount))
        return True

    def cope(self, visitor: Visitor, pair: int, place: int, u: float, rules: OnEmpty) -> None:
        """Take something else for what was on the list and is not there, put it off, or leave it."""
        product, does = self._pairs.product[pair], on_empty(u, rules)
        if does == SUBSTITUTES:
            rivals = self._alternatives.rivals(visitor, product, place, self.stock)
            other = instead(u / rules.substitute, rivals)
            if other >= 0:
                self._say(SWITCH, visitor, pair, place)
                ratio, promotion = self._offers.offer(other, self._env.now, visitor.segment)
                units = self._alternatives.units(visitor, pair, other, ratio)
                amount = units * self._prices.regular[other] * ratio
                visitor.settled.add(other)
                self._take(visitor, other, place, other, True, units, amount, promotion)
                return
        self._say(POSTPONE if does == POSTPONES else MISS, visitor, pair, place)

    def take_there(self, visitor: Visitor, pair: int, presence: int, place: int) -> bool:
        """Take what is on the list at another of its places; return whether it was there."""
        ratio, promotion = self._offer(visitor, pair, presence)
        units = self._pairs.units[pair] if ratio == 1.0 else self._units(visitor, pair, ratio)
        product = self._pairs.product[pair]
        amount = units * self._prices.regular[product] * ratio
        return self._take(visitor, product, place, presence, True, units, amount, promotion)

    def go_without(self, visitor: Visitor, pair: int, place: int) -> None:
        """Leave what was wanted: nobody served it."""
        if pair < self._pairs.needs:
            product = self._pairs.product[pair]
            visitor.committed -= self._prices.regular[product] * self._pairs.units[pair]
            self._say(MISS, visitor, pair, place)
        visitor.settled.add(self._pairs.product[pair])

    def _say(self, kind: int, visitor: Visitor, pair: int, place: int) -> None:
        product, units = self._pairs.product[pair], self._pairs.units[pair]
        self._add(took(self._env.now, visitor.number, kind, place, product, True, -1, units, 0.0))

    def _affords(self, visitor: Visitor, pair: int, amount: float) -> bool:
        """Return whether what was not on the list fits the wallet, and charge the slack with it.

        What a coupon is followed for was decided on before: it comes on top of the list, and leaves the slack alone.
        """
        if pair in self._coupons:
            visitor.budget += amount
            return True
        if not is_affordable(amount, visitor.budget, visitor.spent, visitor.committed):
            return False
        visitor.impulse += amount
        return True

    def _units(self, visitor: Visitor, pair: int, ratio: float) -> int:
        """Return how many units the customer takes at a price that is not the regular one."""
        pairs, prices, product = self._pairs, self._prices, self._pairs.product[pair]
        response = prices.planned if pair < pairs.needs else prices.quantity
        return units_at(pairs.u_units[pair], prices.units[product], ratio, response[visitor.segment][product])
