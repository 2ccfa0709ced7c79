"""Layout files laid one over another: the ones extended first, then what each adds, replaces and removes."""

from pydantic import ValidationError

from storesim.inputs.floor_plan import Outline
from storesim.inputs.layout_build import Builder
from storesim.inputs.layout_draft import Draft, Reference, ids_of, merged, mirrored, without
from storesim.inputs.layout_fields import METRES
from storesim.inputs.layout_model import FloorWritten
from storesim.inputs.layout_parts import Parts, reference
from storesim.inputs.mistakes import Mistakes, quoted, suggest
from storesim.inputs.shapes import Mirror, counter_clockwise, outline_flaw
from storesim.inputs.yaml_source import Source

LONGEST_SIDE_M = 500.0
SHORTEST_SIDE_M = 1.0


def listed(source: Source, name: str) -> list[object]:
    """Return a list of a file as it stands there; [] when it is none."""
    value = source.value((name,))
    return list(value) if isinstance(value, list) else []


class Layers:
    """Lays one file over another, the extended ones first."""

    def __init__(self, mistakes: Mistakes, measured: bool) -> None:
        self.mistakes = mistakes
        self.measured = measured
        self.draft: Draft = {}
        self.floor: Outline = ()
        self.units = "m"
        self.has_floor = False
        """Whether any file writes one, however badly."""
        self.badly_written_zones: set[str] = set()
        self.guide: tuple[Reference, ...] = ()

    def lay(self, source: Source) -> None:
        """Lay a file over what is there."""
        units = source.value(("units",))
        self.units = units if isinstance(units, str) and units in METRES else self.units
        builder = Builder(next(metres for unit, metres in METRES.items() if unit == self.units))
        self._remove(source)
        parts = Parts(source, builder, self.mistakes)
        self.draft = merged(self.draft, parts.measured() if self.measured else parts.graph())
        if source.has(("floor",)):
            self.has_floor = True
            self.floor = _floor(source, builder, self.mistakes)
        entries = [entry for entry in listed(source, "zones") if isinstance(entry, dict)]
        written = {str(entry.get("id")).casefold() for entry in entries}
        self.badly_written_zones |= {name for name in written if ("zone", name) not in self.draft}
        if source.has(("guide",)):
            names = enumerate(listed(source, "guide"))
            self.guide = tuple(reference(source, ("guide", n)) for n, name in names if isinstance(name, str))
        axis = source.value(("mirror",))
        if self.measured and axis in ("x", "y") and self.floor:
            mirror = Mirror(str(axis), self.floor)
            self.draft, self.floor = mirrored(self.draft, mirror), mirror.outline(self.floor)

    def _remove(self, source: Source) -> None:
        known = ids_of(self.draft)
        folded = {name.casefold() for name in known}
        named = {number: name for number, name in enumerate(listed(source, "remove")) if isinstance(name, str)}
        for number, name in named.items():
            if name.casefold() not in folded:
                what = f"{quoted(name)} is not in the layout that this extends{suggest(name, known)}"
                self.mistakes.add(source.mark(("remove", number)), what)
        self.draft = without(self.draft, named.values())
        gone = {name.casefold() for name in named.values()}
        self.guide = tuple(zone for zone in self.guide if zone[0].casefold() not in gone)


def _floor(source: Source, builder: Builder, mistakes: Mistakes) -> Outline:
    """Return the outline of a file's floor; () when there can be none, after saying why."""
    try:
        written = FloorWritten.model_validate(source.value(("floor",)))
    except ValidationError:
        return ()
    mark = source.mark(("floor", "size" if written.size else "outline"))
    corners = builder.corners(written)
    flaw = outline_flaw(corners) or _size_flaw(corners)
    if flaw:
        mistakes.add(mark, flaw)
    return () if flaw else counter_clockwise(corners)


def _size_flaw(corners: Outline) -> str | None:
    sides = [max(values) - min(values) for values in zip(*corners, strict=True)]
    if max(sides) > LONGEST_SIDE_M:
        return f"the floor is {max(sides):g} m long; at most {LONGEST_SIDE_M:g} m, check units"
    if min(sides) < SHORTEST_SIDE_M:
        return f"the floor is {min(sides):g} m wide; at least {SHORTEST_SIDE_M:g} m, check units"
    return None
