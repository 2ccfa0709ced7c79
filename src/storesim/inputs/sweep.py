"""Sweeps as written into sweeps to be played: every value is read by the scenario's own rules before any is played."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import prod

from pydantic import TypeAdapter

from storesim.inputs.case import Scenario
from storesim.inputs.drafts import part
from storesim.inputs.mistakes import InputError, Mark, Mistake, Mistakes, quoted, shown
from storesim.inputs.reading import Reading, read_source, sound
from storesim.inputs.scenario import SweepFile, SweptFile
from storesim.inputs.sweep_names import NoPlaceError, place
from storesim.inputs.sweep_points import points
from storesim.inputs.swept import Sweep, SweptName, SweptValue
from storesim.inputs.values import read_number
from storesim.inputs.yaml_compose import Node, Step
from storesim.inputs.yaml_source import Source

MOST_POINTS = 10_000
MOST_NAMES = 20
AT = "sweep"
NOT_PLAYED = (AT, "assumptions", "precision", "actuals")
"""Keys that a point has no use for."""
_SWEEP: TypeAdapter[SweepFile] = TypeAdapter(SweepFile)


def read_sweep(reading: Reading) -> Sweep | None:
    """Return the sweep of a scenario; None when it has none, or one with mistakes.

    Each end of a range and each value of a list is read alone, in the scenario as it stands otherwise; whatever is
    wrong with it is told where it is written.
    """
    source, mistakes = reading.source, reading.mistakes
    written = part(_SWEEP, source.value((AT,)))
    if written is None:
        return None
    if len(written.over) > MOST_NAMES:
        what = f"{len(written.over)} names are too many; sweep at most {MOST_NAMES}"
        mistakes.add(source.mark((AT, "over")), what)
        return None
    own = Mistakes()
    over = [one for name, file in written.over.items() if (one := _swept(name, file, written, source, own))]
    _refuse_twins(over, source, own)
    size = _size(written, over, source, own)
    if not own:
        for one in over:
            _read_values(one, reading, own)
    mistakes.take_over(own)
    replications = min(written.replications, reading.file.replications) if reading.file else written.replications
    return None if own else Sweep(written.design, tuple(over), size, replications)


def read_points(reading: Reading, sweep: Sweep) -> tuple[Scenario, ...]:
    """Return the scenario at each point of its sweep; files are shared, and not read again.

    Raises:
        InputError: the scenario has mistakes, or one point that its values have together.
    """
    reading.mistakes.raise_if_any()
    seed = reading.file.seed if reading.file else 0
    return tuple(_point(number, values, reading, sweep) for number, values in enumerate(points(sweep, seed), 1))


def _point(number: int, values: Sequence[SweptValue], reading: Reading, sweep: Sweep) -> Scenario:
    source = reading.source
    for one, value in zip(sweep.over, values, strict=True):
        source = source.put(one.at, _leaf(reading.source, _Place(one.name), value))
    own = Mistakes()
    there = read_source(source.without(*NOT_PLAYED), reading.memory, own)
    cases = there.cases()
    if own.found:
        said = ", ".join(f"{one.name} {_shown(value)}" for one, value in zip(sweep.over, values, strict=True))
        what = f"point {number} of the sweep cannot be played ({said}): {own.found[0].what}"
        raise InputError([Mistake(*reading.source.mark((AT, "over")), what)])
    asked = sound(reading.file, reading.mistakes)
    return replace(there.played(cases), seed=asked.seed, replications=asked.replications, events="none")


@dataclass(frozen=True)
class _Place:
    """Where a swept name, or one of its values, is written."""

    name: str
    below: tuple[Step, ...] = ()

    @property
    def at(self) -> tuple[Step, ...]:
        return (AT, "over", self.name, *self.below)


def _leaf(source: Source, written: _Place, value: SweptValue) -> Node:
    """Return a value as it would stand in the file, at the place where the sweep has it."""
    mark = source.mark(written.at) if written.below else source.key_mark(written.at)
    return Node(value, mark.line - 1, mark.col - 1)


def _swept(name: str, file: SweptFile, sweep: SweepFile, source: Source, mistakes: Mistakes) -> SweptName | None:
    """Return what a name means and between which values it is varied; None after adding what is wrong."""
    where = source.key_mark((AT, "over", name))
    try:
        at = place(name, source)
    except NoPlaceError as error:
        mistakes.add(where, str(error))
        return None
    if file.values is not None and (file.lowest, file.highest, file.levels) != (None, None, None):
        mistakes.add(where, f"{quoted(name)} has both a range and values; keep one")
        return None
    if file.values is not None:
        return _listed(name, at, file.values, sweep, where, mistakes)
    return _range(name, at, file, sweep, where, mistakes)


def _listed(
    name: str, at: tuple[Step, ...], values: tuple[SweptValue, ...], sweep: SweepFile, where: Mark, mistakes: Mistakes
) -> SweptName | None:
    if sweep.design != "grid":
        what = f"{quoted(name)} is a list, which only a grid has; write {{from: …, to: …}}, or design: grid"
        mistakes.add(where, what)
        return None
    if len(set(values)) < len(values):
        mistakes.add(where, f"{quoted(name)} has a value twice; keep one")
        return None
    return SweptName(name, at, None, None, values)


def _range(
    name: str, at: tuple[Step, ...], file: SweptFile, sweep: SweepFile, where: Mark, mistakes: Mistakes
) -> SweptName | None:
    low, high = (_number(end) for end in (file.lowest, file.highest))
    if low is None or high is None or not low < high:
        what = f"{quoted(name)} has no range; write {{from: 0.1, to: 0.6}} with numbers, the smaller first"
        mistakes.add(where, what + (", or a list of values" if sweep.design == "grid" else ""))
    elif sweep.design == "grid" and file.levels is None:
        mistakes.add(where, f"{quoted(name)} has no levels; add levels: 3, or write a list of values")
    elif sweep.design != "grid" and file.levels is not None:
        mistakes.add(where, f"{quoted(name)} has levels, which only a grid has; drop them")
    elif file.levels is None:
        return SweptName(name, at, low, high)
    else:
        step = (high - low) / (file.levels - 1)
        return SweptName(name, at, low, high, (*(low + step * k for k in range(file.levels - 1)), high))
    return None


def _number(value: object) -> float | None:
    """Return a number as written, 5% understood; None for what is none."""
    if isinstance(value, str):
        return read_number(value)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _refuse_twins(over: Sequence[SweptName], source: Source, mistakes: Mistakes) -> None:
    seen: dict[tuple[Step, ...], str] = {}
    for one in over:
        twin = seen.setdefault(one.at, one.name)
        if twin != one.name:
            what = f"{quoted(one.name)} and {quoted(twin)} are the same value; keep one"
            mistakes.add(source.key_mark((AT, "over", one.name)), what)


def _size(sweep: SweepFile, over: Sequence[SweptName], source: Source, mistakes: Mistakes) -> int:
    """Return the size of the design, after adding what is wrong with it."""
    size = sweep.points
    if sweep.design == "grid":
        flaw = _grid_flaw(size, over)
    elif size is None:
        flaw = f"key 'points' is missing; say how many, such as {'64' if sweep.design == 'sobol' else '100'}"
    else:
        flaw = _sample_flaw(sweep.design, size, len(sweep.over))
    if flaw:
        mistakes.add(source.mark((AT, "points")), flaw)
    return size or 1


def _grid_flaw(size: int | None, over: Sequence[SweptName]) -> str | None:
    if size is not None:
        return "a grid has as many points as its levels make; drop 'points'"
    count = prod(len(one.values) for one in over)
    return _too_many(count, "fewer levels") if count > MOST_POINTS else None


def _sample_flaw(design: str, size: int, names: int) -> str | None:
    if design == "latin hypercube":
        return None if size <= MOST_POINTS else _too_many(size, f"points: {MOST_POINTS} or fewer")
    most = 1 << ((MOST_POINTS // (names + 2)).bit_length() - 1)
    if size & (size - 1) or size < 2:
        below = max(1 << (size.bit_length() - 1), 2)
        return f"points is {quoted(size)}, which is no power of 2; write {min(below, most)} or {min(2 * below, most)}"
    if size > most:
        return _too_many(size * (names + 2), f"points: {most} or fewer, which is taken {names + 2} times")
    return None


def _too_many(count: int, remedy: str) -> str:
    return f"the sweep has {count:,} points, and at most {MOST_POINTS:,} are played; write {remedy}"


def _read_values(one: SweptName, reading: Reading, mistakes: Mistakes) -> None:
    """Read each value of a name alone, and add what is wrong with it."""
    known = set(reading.mistakes.found)
    for written, value in _values(one, reading.source):
        own = Mistakes()
        leaf = _leaf(reading.source, written, value)
        source = reading.source.put(one.at, leaf).without(*NOT_PLAYED)
        there = read_source(source, reading.memory, own)
        there.cases()
        mistakes.take_over(_own_of(own, known, f"{one.name} {_shown(value)}", leaf, reading.source))
        reading.warnings += [warning for warning in there.warnings if warning not in reading.warnings]


def _values(one: SweptName, source: Source) -> Iterator[tuple[_Place, SweptValue]]:
    """Yield the values of a name that stand for all others, with their places."""
    if one.low is not None and one.high is not None:
        for key, end in (("from", one.low), ("to", one.high)):
            yield _Place(one.name, (key,)), int(end) if end.is_integer() else end
        return
    below: tuple[Step, ...] = ("values",) if source.has((AT, "over", one.name, "values")) else ()
    for number, value in enumerate(one.values):
        yield _Place(one.name, (*below, number)), value


def _own_of(found: Mistakes, known: set[Mistake], said: str, leaf: Node, source: Source) -> Mistakes:
    """Return the mistakes that a value brings; those elsewhere in the scenario file are told at the value."""
    own, here = Mistakes(), Mark(shown(source.path), leaf.line + 1, leaf.col + 1)
    for file in found.sources:
        own.add_source(file.path, file.content)
    for mistake in found.found:
        if mistake in known:
            continue
        if mistake.path == here.path and (mistake.line, mistake.col) != here[1:]:
            own.add(here, f"with {said}, {mistake.what}")
        else:
            own.add(Mark(mistake.path, mistake.line, mistake.col), mistake.what)
    return own


def _shown(value: SweptValue) -> str:
    return quoted(value) if isinstance(value, bool | str) else f"{value:.10g}"
