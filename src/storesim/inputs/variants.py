"""The variants of a scenario: their names, their bases, and the store that each one plays."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from storesim.inputs.case import Case, Placement
from storesim.inputs.changes import CannotChangeError, Store, changed, dangling
from storesim.inputs.csv_source import Row
from storesim.inputs.floor_plan import FloorPlan
from storesim.inputs.layout import read_layout
from storesim.inputs.mistakes import Mark, Mistakes, quoted, shown
from storesim.inputs.names import Names, folded
from storesim.inputs.planogram import place, read_planogram
from storesim.inputs.products import few
from storesim.inputs.promotions import Occasion, in_words, promotion
from storesim.inputs.scenario import AnyChange, Draft, PromotionFile
from storesim.inputs.shelves import Shelves
from storesim.inputs.yaml_compose import Step
from storesim.inputs.yaml_source import Source

MOST_NAME_BYTES = 150
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)
Where = tuple[Step, ...]


@dataclass(frozen=True)
class Files:
    """Layout and planogram of a variant: as written, and where."""

    layout: tuple[str, Mark] | None
    planogram: tuple[str, Mark] | None


def check_names(drafts: Sequence[Draft], source: Source, mistakes: Mistakes) -> None:
    """A variant's name becomes a folder: it must be able to, and differ from the others by more than case."""
    seen: dict[str, str] = {}
    for draft in drafts:
        flaw = name_flaw(draft.name)
        twin = seen.setdefault(folded(draft.name), draft.name)
        if twin != draft.name:
            flaw = f"{quoted(draft.name)} and {quoted(twin)} are the same name; case does not count"
        if flaw:
            mistakes.add(source.key_mark(draft.at), flaw)


def name_flaw(name: str) -> str | None:
    """Return why a name cannot be that of a folder, or None."""
    said = f"variant {quoted(name)} cannot be the name of a folder"
    odd = next((c for c in name if not (c.isalnum() or c in " -_.")), None)
    if odd:
        return f"{said}: it holds {odd!r}; use letters, digits, space, '-', '_' and '.'"
    if name != name.strip() or name.startswith(".") or name.endswith("."):
        return f"{said}; begin and end it with a letter or digit"
    if len(name.encode()) > MOST_NAME_BYTES:
        return f"{said}: it is too long; write at most {MOST_NAME_BYTES} bytes"
    return f"{said} on every system; choose another" if RESERVED.fullmatch(name) else None


class Bases:
    """Who is whose base; a variant whose bases are not in order is left out of `sound`."""

    def __init__(self, drafts: Sequence[Draft], source: Source, mistakes: Mistakes) -> None:
        self._drafts = {draft.name: draft for draft in drafts}
        self._names = Names("variant", "'variants'", self._drafts)
        self._source = source
        self._mistakes = mistakes
        self.sound = tuple(draft for draft in drafts if self._is_sound(draft))

    def base(self, draft: Draft) -> Draft | None:
        """Return a variant's base, if it has one that exists."""
        own = self._names.find(draft.base) if draft.base else None
        return self._drafts[own] if own else None

    def line(self, draft: Draft) -> list[Draft]:
        """Return a variant after all its bases, the first base first; a circle ends where it closes."""
        found = [draft]
        while (base := self.base(found[0])) and base not in found:
            found.insert(0, base)
        return found

    def files(self, draft: Draft) -> Files:
        """Return a variant's own layout and planogram, or those of the nearest base that has any."""
        line = self.line(draft)
        return Files(self._file(line, "layout"), self._file(line, "planogram"))

    def _file(self, line: Sequence[Draft], key: str) -> tuple[str, Mark] | None:
        for draft in reversed(line):
            text = draft.layout if key == "layout" else draft.planogram
            if text:
                return text, self._source.mark((*draft.at, key))
        return None

    def _is_sound(self, draft: Draft) -> bool:
        at = (*draft.at, "base")
        if draft.base and self._names.find(draft.base) is None:
            self._mistakes.add(self._source.mark(at), self._names.missing(draft.base))
            return False
        line = self.line(draft)
        if self.base(line[0]):
            if self.base(line[0]) is draft:
                names = " -> ".join(quoted(d.name) for d in (draft, *reversed(line)))
                what = f"bases go round in a circle: {names}; give one of them a layout instead"
                self._mistakes.add(self._source.mark(at), what)
            return False
        if line[0].base:
            return False
        return self._has_files(draft)

    def _has_files(self, draft: Draft) -> bool:
        files = self.files(draft)
        written = [key for key in ("layout", "planogram") if self._source.has((*draft.at, key))]
        missing = [key for key in ("layout", "planogram") if getattr(files, key) is None and key not in written]
        if missing and not draft.base and not self._source.has((*draft.at, "base")):
            what = f"variant {quoted(draft.name)} has no {' and no '.join(missing)}"
            remedy = "write it" if written else "write them, or a base"
            self._mistakes.add(self._source.key_mark(draft.at), f"{what}; {remedy}")
        return not missing


@dataclass
class Stores:
    """Builds the store of each variant, and its case; every file is read once."""

    source: Source
    bases: Bases
    occasion: Occasion
    mistakes: Mistakes
    warnings: list[str]
    _layouts: dict[str, FloorPlan | None] = field(default_factory=dict)
    _planograms: dict[str, list[Row] | None] = field(default_factory=dict)
    _fresh: dict[tuple[str, str], "_Built"] = field(default_factory=dict)
    _built: dict[str, "_Built"] = field(default_factory=dict)

    def case(self, draft: Draft) -> Case | None:
        """Return a variant's case; None when mistakes keep it from being built."""
        built = self._store(draft)
        promotions = [
            self._promotion(draft, written, at, built)
            for one in self.bases.line(draft)
            for at, written in one.promotions
        ]
        if built.shelves is None or built.store is None:
            return None
        own = promotions[len(promotions) - len(draft.promotions) :]
        words = (*built.words, *(in_words(found) for found in own))
        return Case(draft.name, built.shelves.plan, built.store.placements, tuple(promotions), words)
