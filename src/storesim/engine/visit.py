"""One customer's state during the visit; plain numbers, so that a compiled engine can hold the same."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Visitor:
    """A customer inside the store."""

    number: int
    segment: int
    habit: int
    speed_m_s: float
    here: int
    """Place where the customer is, or was when setting out."""
    budget: float
    committed: float
    """Value at regular prices of what is still on the list."""
    spent: float = 0.0
    units: int = 0
    settled: set[int] = field(default_factory=set)
    """Products looked for at a shelf or display, whether found or not."""
