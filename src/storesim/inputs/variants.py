"""The variants of a scenario: their names, and who is whose base."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from storesim.inputs.drafts import Draft
from storesim.inputs.mistakes import Mark, Mistakes, quoted
from storesim.inputs.names import Names, folded
from storesim.inputs.yaml_source import Source

MOST_NAME_BYTES = 150
RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.IGNORECASE)


@dataclass(frozen=True)
class Files:
    """Layout and planogram of a variant, and where they are named (None: on the command line)."""

    layout: tuple[Path, Mark | None] | None
    planogram: tuple[Path, Mark | None] | None


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

    def relay_cost(self, draft: Draft) -> float:
        """Return a variant's own relay cost, or that of the nearest base that has any; else 0."""
        return next((one.relay_cost for one in reversed(self.line(draft)) if one.relay_cost is not None), 0.0)

    def _file(self, line: Sequence[Draft], key: str) -> tuple[Path, Mark] | None:
        for draft in reversed(line):
            text = draft.layout if key == "layout" else draft.planogram
            if text:
                return self._source.path.parent / text, self._source.mark((*draft.at, key))
        return None

    def _is_sound(self, draft: Draft) -> bool:
        at = (*draft.at, "base")
        if draft.base and self._names.find(draft.base) is None:
            self._mistakes.add(self._source.mark(at), self._names.missing(draft.base))
            return False
        line = self.line(draft)
        if self.base(line[0]):
            if self.base(line[0]) is draft:
                names = " -> ".join(quoted(d.name) for d in (draft, *reversed(line[:-1]), draft))
                what = f"bases go round in a circle: {names}; give one of them a layout instead"
                self._mistakes.add(self._source.mark(at), what)
            return False
        self._need_files(draft)
        return not line[0].base

    def _need_files(self, draft: Draft) -> None:
        said = {key: self._source.value((*draft.at, key)) for key in ("base", "layout", "planogram")}  # null: nothing
        if said.pop("base") is not None:
            return
        missing = [key for key, value in said.items() if value is None]
        if missing:
            remedy = "write it" if len(missing) == 1 else "write them, or a base"
            what = f"variant {quoted(draft.name)} has no {' and no '.join(missing)}; {remedy}"
            self._mistakes.add(self._source.key_mark(draft.at), what)
