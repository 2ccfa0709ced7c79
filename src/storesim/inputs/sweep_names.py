"""What a sweep may vary: the place in a scenario file that a written path means, or why it means none."""

from collections.abc import Mapping, Sequence

from storesim.inputs.mistakes import did_you_mean, quoted, suggest
from storesim.inputs.names import folded
from storesim.inputs.parameters import Parameters
from storesim.inputs.scenario import ScenarioFile
from storesim.inputs.yaml_compose import Node, Step
from storesim.inputs.yaml_source import Source

_READING = "it changes how a run is read, not what is played"
REFUSED: Mapping[str, str] = {
    "sweep": "a sweep cannot vary itself",
    "seed": "every point has the same seed, so that the same customers come to all of them",
    "replications": "the sweep's own `replications` says how many days of a point are played",
    "baseline": "differences would no longer be to one variant",
    "assumptions": "the assumptions are varied beside the sweep, not within it",
    "precision": "the sweep's own `replications` says how many days of a point are played",
    **dict.fromkeys(
        ("scenario", "currency", "locale", "events", "same_within", "opening_days", "actuals"),
        _READING,
    ),
}
"""Keys of a scenario that are not swept, and why."""
LONGEST = 500
"""Of a path; what is longer is no path, and takes long to look up."""
GROUPS = frozenset({"variants", "calendar", "parameters"})


class NoPlaceError(Exception):
    """A path leads nowhere; the message says why, and what would be right."""


def place(name: str, source: Source) -> tuple[Step, ...]:
    """Return where in a scenario file a name of a sweep stands, or would stand if it were written.

    A key that is not written may be the last step of a path: the file's own rules say whether it can be there.

    Raises:
        NoPlaceError: nothing stands there that could be varied.
    """
    if len(name) > LONGEST:
        raise NoPlaceError(f"{quoted(name)} is too long for a path; write at most {LONGEST} characters")
    steps = name.split(".")
    top = _named(name, [*ScenarioFile.model_fields]) or _named(steps[0], [*ScenarioFile.model_fields])
    if top is None:
        return _parameter(name)
    if top in REFUSED:
        raise NoPlaceError(f"{quoted(top)} is not swept: {REFUSED[top]}; take it off")
    at = _steps(name, source.root, ())
    found = source.value(at)
    if isinstance(found, dict | list) or (len(at) == 1 and top in GROUPS):
        below = _below(source.node(at))
        raise NoPlaceError(f"{quoted(name)} is a group of values, not one; write the path to one of them{below}")
    return at


def _parameter(name: str) -> tuple[Step, ...]:
    own = _named(name, Parameters.model_fields)
    if own is None:
        near = did_you_mean(name, [*ScenarioFile.model_fields, *Parameters.model_fields])
        remedy = near or "; write its path, such as visits_per_day or variants.NAME.promotions.1.price_cut"
        raise NoPlaceError(f"{quoted(name)} is neither in the scenario nor a parameter{remedy}")
    return ("parameters", own)


def _steps(rest: str, node: Node | None, above: tuple[Step, ...]) -> tuple[Step, ...]:
    """Return the steps of the rest of a path from a node on; a key may hold dots."""
    if isinstance(node.data if node else None, list):
        number, _, below = rest.partition(".")
        step: Step = _item(number, node, above)
    else:
        step, below = _key(rest, node, above)
    if not below:
        return (*above, step)
    part = node.parts.get(step) if node else None
    if not above and step == "parameters":  # all have defaults: the group need not be written
        return _steps(below, part, (step,))
    if part is None or not isinstance(part.data, dict | list):
        written = "has nothing below it" if part else "is not written"
        choices = suggest(str(step), _keys(node)) if part is None else "; end the path there"
        raise NoPlaceError(f"{quoted(_path((*above, step)))} {written}{choices}")
    return _steps(below, part, (*above, step))


def _key(rest: str, node: Node | None, above: tuple[Step, ...]) -> tuple[str, str]:
    """Return the key that a path begins with, and what comes after it; the longest that is there."""
    steps = rest.split(".")
    for count in range(len(steps), 0, -1):
        own = _named(".".join(steps[:count]), _keys(node))
        if own:
            return own, ".".join(steps[count:])
    known = [*Parameters.model_fields] if above == ("parameters",) else [] if above else [*ScenarioFile.model_fields]
    return _named(steps[0], known) or steps[0], ".".join(steps[1:])


def _item(number: str, node: Node | None, above: tuple[Step, ...]) -> int:
    count = len(node.parts) if node else 0
    if number.isascii() and number.isdigit() and len(number) < 10 and 1 <= int(number) <= count:
        return int(number) - 1
    there = f"has items 1 to {count}" if count > 1 else f"has {count or 'no'} item{'s' if not count else ''}"
    raise NoPlaceError(f"{quoted(_path(above))} {there}, not {quoted(number)}; write the number of one")


def _named(name: str, choices: Sequence[str] | Mapping[str, object]) -> str | None:
    return next((choice for choice in choices if folded(choice) == folded(name)), None)


def _keys(node: Node | None) -> list[str]:
    return [str(step) for step in node.parts] if node else []


def _below(node: Node | None) -> str:
    if node is None or not node.parts:
        return ""
    return f", which go on with {', '.join(quoted(_path((step,))) for step in list(node.parts)[:5])}"


def _path(steps: Sequence[Step]) -> str:
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in steps)
