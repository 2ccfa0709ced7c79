"""What was read once and is not read again: the files and the shelves that many readings of a scenario share."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

T = TypeVar("T")


@dataclass(frozen=True)
class Memory:
    """Results by what they follow from; mistakes that came up on the way were told then, and are not told again."""

    _known: dict[Hashable, Any] = field(default_factory=dict)

    def once(self, key: Hashable, read: Callable[[], T]) -> T:
        """Return what `read` returned for this key the first time; a key must name its kind as well."""
        if key not in self._known:
            self._known[key] = read()
        return cast("T", self._known[key])
