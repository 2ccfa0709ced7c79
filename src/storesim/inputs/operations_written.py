"""How a store is run, as written under `operations:` of a scenario and of its variants."""

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field, PlainValidator, WithJsonSchema

from storesim.inputs.base import Input, Name
from storesim.inputs.values import Hours, Number, Percentage, Reference, read_time

MOST_LISTED = 500
MOST_PEOPLE = 10_000
MOST_S = 86_400.0


class Written(Input):
    """Part of what is written of operations."""

    model_config = ConfigDict(use_attribute_docstrings=True)


def _no_truth(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError(f"{str(value).lower()} is not a number; write a number")
    return value


def _part_of_1(value: float) -> float:
    if not 0 <= value <= 1:
        raise ValueError(f"a share of {100 * value:.4g} % cannot be; write 0 to 100 %")
    return value


Share = Annotated[Percentage, AfterValidator(_part_of_1)]
Count = Annotated[int, Field(ge=0, le=MOST_PEOPLE, strict=True)]
People = Annotated[int, Field(ge=0, le=MOST_PEOPLE, strict=True)]
Seconds = Annotated[Number, Field(ge=0, le=MOST_S)]
Factor = Annotated[Number, Field(gt=0, le=100)]
Money = Annotated[Number, Field(ge=0, le=1e9)]
Units = Annotated[int, Field(ge=0, le=10_000_000, strict=True)]
Time = Annotated[
    float, PlainValidator(read_time), WithJsonSchema({"type": "string", "pattern": r"^[0-9]{1,2}:[0-9]{2}$"})
]
FilePath = Annotated[str, Field(min_length=1, max_length=1000)]


class LanesFile(Written):
    """Lanes that are open for a part of the day."""

    hours: Hours
    count: Count


class BankFile(Written):
    """How one checkout is run."""

    express_lanes: Count = 0
    """Its last lanes, for small baskets only."""
    item_limit: Annotated[int, Field(ge=1, le=1000, strict=True)] = 10
    """Units that an express lane serves at most."""
    lanes: Annotated[tuple[LanesFile, ...], Field(max_length=MOST_LISTED)] = ()
    """Lanes open by the hour; if not written, all."""
    attendants: People = 0
    """Self-service: people who come when help is needed; 0: nobody is needed."""
    interventions: Share = 0.0
    """Self-service: share of baskets that need an attendant."""
    intervention_s: Seconds = 30.0
    racks: Annotated[tuple[Reference, ...], Field(max_length=MOST_LISTED)] = ()
    """Fixtures whose goods are seen while waiting."""


class OpenWhenFile(Written):
    """When lanes are opened beyond those of the schedule, and closed again."""

    queue: Annotated[Number, Field(gt=0, le=1000)]
    """Customers per open lane from which another one opens."""
    close_below: Annotated[Number, Field(ge=0, le=1000)] = 1.0
    delay_s: Seconds = 60.0


class PaymentFile(Written):
    """One way to pay."""

    share: Share
    added_s: Seconds = 0.0
    """On top of the service time."""


class ScanAndPayFile(Written):
    """Customers who scan while they shop, and pay at a checkout of kind `mobile`."""

    share: Share
    pay_s: Seconds = 15.0
    scan_s: Seconds = 0.0
    """Per unit, at the shelf."""


class ClickAndCollectFile(Written):
    """Customers who order beforehand, and fetch it at a checkout of kind `collect`."""

    share: Share
    hand_over_s: Seconds = 60.0
    pick_s: Seconds = 20.0
    """Staff time per unit."""


class TillsFile(Written):
    """How people are served on their way out."""

    choice: Literal["shortest", "least_wait"] = "shortest"
    """Which line is joined: the shortest, or that of the least expected wait."""
    jockey: Annotated[int, Field(ge=0, le=100, strict=True)] = 0
    """Fewer people in another line that make the last of a line change to it; 0: nobody does."""
    foresight: Share = 0.0
    """Share of customers who do not join a line that they will not have the patience for."""
    open_when: OpenWhenFile | None = None
    payments: Annotated[dict[Name, PaymentFile], Field(max_length=50)] = Field(default_factory=dict)
    scan_and_pay: ScanAndPayFile | None = None
    click_and_collect: ClickAndCollectFile | None = None
    banks: Annotated[dict[Name, BankFile], Field(max_length=MOST_LISTED)] = Field(default_factory=dict)
    """By checkout of the layout."""


class RefillFile(Written):
    """When shelves are filled from the back room."""

    rounds: Annotated[tuple[Time, ...], Field(max_length=MOST_LISTED)] = ()
    """Times of day at which all shelves are filled."""
    below: Share = 0.0
    """Share of its capacity below which a shelf is filled at once; 0: at rounds only."""
    per_unit_s: Seconds = 3.0
    per_shelf_s: Seconds = 60.0
    trolley_persons: Annotated[int, Field(ge=0, le=100, strict=True)] = 0
    """Persons whose room the trolley takes; above 0 the shelf cannot be reached meanwhile."""


class DeliveryFile(Written):
    """Goods that come to the back room."""

    at: Time
    fill: Share = 1.0
    """Up to which share of what the back room holds of each product."""


class OnEmptyFile(Written):
    """What customers do who find none of what is on their list; the rest leave it."""

    substitute: Share = 0.45
    postpone: Share = 0.15
    search_s: Seconds = 0.0


class StockFile(Written):
    """What is on the shelves, and how it gets there."""

    per_metre: Annotated[Number, Field(gt=0, le=1e6)] = 20.0
    """Units that a metre of shelf holds, of products that the file does not name."""
    back_room: Units = 0
    """Units of each product that the back room holds."""
    opening_shelf: Share = 1.0
    opening_back: Units | None = None
    """Units of each product in the back room at opening; if not written, all it holds."""
    products: FilePath | None = None
    """A CSV file with the numbers of single products."""
    refill: RefillFile = RefillFile()
    deliveries: Annotated[tuple[DeliveryFile, ...], Field(max_length=MOST_LISTED)] = ()
    shrink: Share = 0.0
    """Units lost a day, as a share of those on the shelves at opening."""
    on_empty: OnEmptyFile = OnEmptyFile()


class ShiftFile(Written):
    """People who are there for a part of the day."""

    hours: Hours
    people: People


class StaffFile(Written):
    """A shared pool of people."""

    shifts: Annotated[tuple[ShiftFile, ...], Field(min_length=1, max_length=MOST_LISTED)]
    wage: Money = 0.0
    """Per person and hour."""


class CounterFile(Written):
    """A counter with service."""

    fixture: Reference
    people: People = 1
    service_s: Annotated[Number, Field(gt=0, le=MOST_S)]
    service_cv: Annotated[Number, Field(ge=0, le=5)] = 0.5
    conversion: Share = 1.0
    """Share of those served who take what they came for."""


class AdviceFile(Written):
    """People who walk about in a zone and advise."""

    zone: Reference
    people: People = 1
    accepted: Share
    advice_s: Seconds = 60.0
    odds: Factor
    """Factor on the odds of buying of who was advised."""


class ComfortZoneFile(Written):
    """What a zone is like."""

    dwell: Factor = 1.0
    wander: Factor = 1.0
    signs: Share = 0.0


class ComfortFile(Written):
    """What zones are like: factors of your own."""

    zones: Annotated[dict[Name, ComfortZoneFile], Field(max_length=MOST_LISTED)] = Field(default_factory=dict)
    finding_s: Seconds = 0.0
    """Seconds that customers new to the store look for each product on their list."""


class EntryFile(Written):
    """How many may be inside."""

    at_most: Annotated[int, Field(ge=1, le=1_000_000, strict=True)]


class GroupsFile(Written):
    """Customers who come with others."""

    share: Share
    size: Annotated[int, Field(ge=2, le=20, strict=True)] = 2
    pace: Factor = 1.0
    dwell: Factor = 1.0


class TrolleysFile(Written):
    """Who takes a trolley."""

    from_items: Annotated[int, Field(ge=0, le=10_000, strict=True)]
    pace: Factor = 1.0
    persons: Annotated[int, Field(ge=0, le=20, strict=True)] = 0


class LoyaltyFile(Written):
    """What members get besides member prices, which are promotions."""

    points: Annotated[dict[Name, Share], Field(max_length=100)] = Field(default_factory=dict)
    """Tier -> value of the points, as a share of what is paid."""


class OperationsFile(Written):
    """How a store is run; what is not written is as if there were no such thing."""

    tills: TillsFile | None = None
    stock: StockFile | None = None
    staff: StaffFile | None = None
    counters: Annotated[dict[Name, CounterFile], Field(max_length=100)] = Field(default_factory=dict)
    advice: Annotated[tuple[AdviceFile, ...], Field(max_length=100)] = ()
    comfort: ComfortFile | None = None
    entry: EntryFile | None = None
    groups: GroupsFile | None = None
    trolleys: TrolleysFile | None = None
    loyalty: LoyaltyFile | None = None
