"""One customer's state during the visit; plain numbers, so that a compiled engine can hold the same."""

from collections.abc import Sequence
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
    first_need: int
    """First pair of the list."""
    listed: Sequence[int]
    """Products on the list, done or not."""
    budget: float
    committed: float
    """Value at regular prices of what is still on the list."""
    came_s: float
    zone: int
    """Zone of the place that the customer is at or heads for."""
    slack: float
    """Money beyond the value of the whole list at regular prices."""
    persons: int = 1
    """Whose room the customer takes: groups and trolleys take more."""
    scan_s: float = 0.0
    """Seconds to scan a unit at the shelf; 0: it is scanned at a till."""
    scanned: int = 0
    """Units scanned."""
    advice_s: float = 0.0
    """Seconds of advice taken since the last stop."""
    served: set[int] = field(default_factory=set)
    """Fixtures at whose counters the customer was served."""
    basket: list[tuple[int, int]] = field(default_factory=list)
    """(product, units) taken, where stock is kept."""
    spent: float = 0.0
    impulse: float = 0.0
    """Part of `spent` that was not on the list."""
    units: int = 0
    settled: set[int] = field(default_factory=set)
    """Products looked for at a shelf or display, whether found or not, and those a substitute has made needless."""
    taken: set[int] = field(default_factory=set)
    """Products in the basket."""

    def to_scan_s(self) -> float:
        """Scan what was taken since the last time; return the seconds that it takes."""
        new, self.scanned = self.units - self.scanned, self.units
        return self.scan_s * new
