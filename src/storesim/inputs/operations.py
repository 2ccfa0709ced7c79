"""How a store is run: tills, stock, staff, counters, comfort, entry, groups, loyalty; neutral unless a scenario says.

Every part is None or empty where a scenario says nothing of it, and the store is then played as if there were no such
thing: the same bytes. Times of day are seconds after midnight, as in the files; durations are seconds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

LaneChoice = Literal["shortest", "least_wait"]


class Job(IntEnum):
    """What staff do; the lower number goes first where people are short."""

    TILL = 0
    """Serve a lane while it is open."""
    ATTEND = 1
    """Help at self-service."""
    COUNTER = 2
    """Serve at a counter."""
    PICK = 3
    """Pick an order that is collected."""
    REFILL = 4
    """Bring goods from the back room to a shelf."""
    ADVISE = 5
    """Walk about and give advice."""


@dataclass(frozen=True)
class Opening:
    """How many lanes of a checkout, or people of a shift, there are during a part of the day."""

    from_s: float
    until_s: float
    count: int


@dataclass(frozen=True)
class BankRun:
    """How one checkout is run."""

    express_lanes: int = 0
    """Its last lanes, that serve only baskets of up to `item_limit` units."""
    item_limit: int = 10
    schedule: tuple[Opening, ...] = ()
    """Lanes open (not counting those that a rule opens); (): all, all day. Outside its parts none are."""
    attendants: int = 0
    """Self-service: people who help; 0: nobody is needed."""
    p_intervention: float = 0.0
    """Self-service: share of baskets for which an attendant must come before it is paid."""
    intervention_s: float = 30.0
    racks: tuple[str, ...] = ()
    """Fixtures whose goods are seen while waiting in line."""


@dataclass(frozen=True)
class OpenWhen:
    """A rule that opens and closes lanes of cashiers beyond the schedule."""

    queue: float
    """Customers per open lane, served ones counted, from which another lane opens."""
    close_below: float
    """Customers per open lane below which a lane that the rule opened closes, once its line is empty."""
    delay_s: float = 60.0
    """Until a lane that is called for is open."""


@dataclass(frozen=True)
class Payment:
    """One way to pay: whose it is, and how long it takes on top of scanning."""

    name: str
    share: float
    """Of customers; the shares of all ways sum to 1."""
    added_s: float


@dataclass(frozen=True)
class ScanAndPay:
    """Customers who scan while they shop and pay by telephone, past all lines."""

    share: float
    pay_s: float
    scan_s: float
    """Per unit, at the shelf."""


@dataclass(frozen=True)
class ClickAndCollect:
    """Customers who order their list beforehand, and fetch it at a checkout of kind `collect`."""

    share: float
    hand_over_s: float
    pick_s: float
    """Staff time per unit, picking."""


@dataclass(frozen=True)
class Tills:
    """How people are served on their way out."""

    banks: Mapping[str, BankRun] = field(default_factory=dict)
    """Checkout id -> how it is run; those not named run plainly."""
    choice: LaneChoice = "shortest"
    jockey: int = 0
    """Fewer customers ahead in another line that make the last of a line change to it; 0: nobody does."""
    foresight: float = 0.0
    """Share of customers who do not join a line whose expected wait is longer than they have patience for."""
    open_when: OpenWhen | None = None
    payments: tuple[Payment, ...] = ()
    """(): all pay alike, in the time that the service law holds already."""
    scan_and_pay: ScanAndPay | None = None
    collect: ClickAndCollect | None = None


@dataclass(frozen=True)
class Held:
    """Units of one product that the store can hold, and holds at opening."""

    per_metre: float
    """Units that a metre of its shelf holds, home or display."""
    back_room: int
    """Units that the back room holds at most."""
    opening_shelf: float = 1.0
    """Share of the shelf that is filled at opening."""
    opening_back: int = 0
    """Units in the back room at opening."""


@dataclass(frozen=True)
class Refill:
    """When shelves are filled from the back room, and what it takes."""

    rounds_s: tuple[float, ...] = ()
    """Times of day at which every shelf that is not full is filled."""
    below: float = 0.0
    """Share of its capacity below which a shelf is called for at once; 0: rounds only."""
    per_unit_s: float = 3.0
    per_shelf_s: float = 60.0
    """On top, for each shelf: fetching and walking."""
    trolley_persons: int = 0
    """Persons whose room a trolley takes in its zone; a shelf being filled cannot be reached if above 0."""


@dataclass(frozen=True)
class Delivery:
    """Goods that come: every product's back room is filled up to a share of what it holds."""

    at_s: float
    fill: float = 1.0


@dataclass(frozen=True)
class OnEmpty:
    """What customers do who find no unit of what is on their list; the rest leave it."""

    substitute: float
    """Share who take another item of its group, where one is there (45 %, Corsten & Gruen 2003, from memory)."""
    postpone: float
    """Share who will buy it another day (same: 15 %)."""
    search_s: float = 0.0
    """Seconds spent looking for it in front of the shelf."""


@dataclass(frozen=True)
class Stock:
    """What is on the shelves, and how it gets there."""

    held: Mapping[str, Held]
    """Product id -> units held; products not named never run out."""
    refill: Refill
    deliveries: tuple[Delivery, ...]
    shrink: float
    """Units lost (broken, stolen) a day as a share of those on the shelves at opening, at random times."""
    on_empty: OnEmpty


@dataclass(frozen=True)
class Staff:
    """A shared pool of people; jobs are done the most urgent first, and a job begun is finished first."""

    shifts: tuple[Opening, ...]
    wage: float = 0.0
    """Per person and hour, in the scenario's currency."""


@dataclass(frozen=True)
class Counter:
    """A counter with service: what stands on its fixture is had by being served only."""

    name: str
    fixture: str
    people: int
    """Who can be served at a time; from the pool, where there is one."""
    service_s: float
    service_cv: float
    """Coefficient of variation of the service time, lognormal; 0: always the mean."""
    conversion: float = 1.0
    """Share of those served who take what they came for."""


@dataclass(frozen=True)
class Advice:
    """People who walk about in a zone and advise those who look at something that is not on their list."""

    zone: str
    people: int
    accepted: float
    """Share of customers who take advice when somebody is free."""
    advice_s: float
    odds: float
    """Factor on the odds of buying of who was advised; set by the user, no default."""


@dataclass(frozen=True)
class Comfort:
    """What a zone is like: factors set by the user; no number is published."""

    dwell: float = 1.0
    """On the time stood at its shelves."""
    wander: float = 1.0
    """On how likely a detour leads there."""
    signs: float = 0.0
    """Share of it from which signs can be read: takes away so much of the finding time."""


@dataclass(frozen=True)
class Groups:
    """Customers who come with others and share one basket."""

    share: float
    size: int
    pace: float = 1.0
    """Factor on walking speed."""
    dwell: float = 1.0
    """Factor on the time at a shelf."""


@dataclass(frozen=True)
class Trolleys:
    """Who takes a trolley: customers with long lists."""

    from_items: int
    """Least number of products on the list."""
    pace: float = 1.0
    persons: int = 0
    """Persons whose room a trolley takes, besides who pushes it."""


@dataclass(frozen=True)
class Loyalty:
    """What it costs to have members: points on what they pay."""

    points: Mapping[str, float] = field(default_factory=dict)
    """Tier -> value of the points given, as a share of what is paid."""


@dataclass(frozen=True)
class Operations:
    """How one variant's store is run."""

    tills: Tills = Tills()
    stock: Stock | None = None
    staff: Staff | None = None
    """None: as many people as the work asks for."""
    counters: tuple[Counter, ...] = ()
    advice: tuple[Advice, ...] = ()
    comfort: Mapping[str, Comfort] = field(default_factory=dict)
    """Zone id -> what it is like; those not named are neutral."""
    finding_s: float = 0.0
    """Seconds that customers who do not know the store look for each product on their list (user-set)."""
    entry_at_most: int | None = None
    """Customers inside at most; others wait at the door. None: no limit."""
    groups: Groups | None = None
    trolleys: Trolleys | None = None
    loyalty: Loyalty = Loyalty()


PLAIN = Operations()
"""A store of which a scenario says nothing."""
