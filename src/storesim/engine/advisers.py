"""People who walk about in a zone and give advice to those who look at something."""

from collections.abc import Callable

from storesim.customers.at_shelves import ShelfDraws
from storesim.engine.clock import Clock, Process
from storesim.engine.facts import met
from storesim.engine.log import Kind
from storesim.engine.sheets import looked_up
from storesim.inputs.operations import Advice, Job
from storesim.store.floor import Floor

BEGIN, END, NOBODY = int(Kind.BEGIN), int(Kind.END), -1


class Advisers:
    """All who advise; they do nothing else, so that they are not of the pool."""

    def __init__(
        self, env: Clock, add: Callable[[bytes], None], advice: tuple[Advice, ...], floor: Floor, draws: ShelfDraws
    ):
        self._env, self._add, self._advice = env, add, advice
        self._free = [one.people for one in advice]
        self._u = looked_up(draws.u_advice)
        zones = [zone.id for zone in floor.plan.zones]
        number = {zones.index(one.zone): i for i, one in enumerate(advice)}
        self._of_place = [number.get(zone, -1) for zone in floor.places.zone.tolist()]

    def advise(self, customer: int, place: int) -> tuple[float, float]:
        """Return (factor on the odds of buying, seconds it takes) for who looks at something; (1, 0): no advice."""
        number = self._of_place[place]
        if number < 0 or not self._free[number] or self._u[customer] >= self._advice[number].accepted:
            return 1.0, 0.0
        self._env.process(self._talk(number, place))
        return self._advice[number].odds, self._advice[number].advice_s

    def _talk(self, number: int, place: int) -> Process:
        self._free[number] -= 1
        self._add(met(self._env.now, NOBODY, BEGIN, place, Job.ADVISE, False, -1))
        yield float(self._advice[number].advice_s)
        self._add(met(self._env.now, NOBODY, END, place, Job.ADVISE, False, -1))
        self._free[number] += 1
