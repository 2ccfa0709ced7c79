"""Names that files may refer to: found ignoring case and spacing, and suggested when nearly right."""

from collections.abc import Iterable

from storesim.inputs.mistakes import MOST_CHOICES, did_you_mean, quoted, suggest

MOST_COMPARED = 100_000
"""Names compared for suggestions in all: with very many names each suggestion takes seconds."""


def folded(name: str) -> str:
    """Return a name as it is compared: case and spacing do not count."""
    return " ".join(name.casefold().split())


class Names:
    """All names of one kind, and where they are given."""

    def __init__(self, kind: str, where: str, names: Iterable[str]) -> None:
        self._kind = kind
        self._where = where
        self._by_folded: dict[str, str] = {}
        for name in names:
            self._by_folded.setdefault(folded(name), name)
        self._missing: dict[str, str] = {}
        self._compared = 0

    @property
    def all(self) -> tuple[str, ...]:
        """The names as they were given first."""
        return tuple(self._by_folded.values())

    def find(self, name: str) -> str | None:
        """Return the name as it was given, or None when there is none like it."""
        return self._by_folded.get(folded(name))

    def missing(self, name: str) -> str:
        """Return the sentence on a name that is not there, with the nearest one."""
        if name not in self._missing:
            self._missing[name] = f"{self._kind} {quoted(name)} is not in {self._where}{self._remedy(name)}"
        return self._missing[name]

    def _remedy(self, name: str) -> str:
        known = self.all
        self._compared += len(known)
        if len(known) <= MOST_CHOICES:
            return suggest(name, known)
        near = did_you_mean(name, known) if self._compared <= MOST_COMPARED else ""
        return near or f"; write one of its {len(known)} names"
