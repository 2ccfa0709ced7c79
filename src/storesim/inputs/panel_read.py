"""The panel of a scenario: members who come back, checked against its segments and its calendar."""

from storesim.inputs.mistakes import Mistakes, quoted
from storesim.inputs.names import Names
from storesim.inputs.panel import Panel, Returning, Satisfaction, Tier
from storesim.inputs.panel_written import PanelFile
from storesim.inputs.yaml_source import Source, validate

KEY = "panel"


def read_panel(source: Source, tiers: Names | None, days: int | None, mistakes: Mistakes) -> Panel | None:
    """Return the panel; None when there is none, or mistakes keep it from being read. What is None is not checked."""
    if source.value((KEY,)) is None:
        return None
    file = validate(PanelFile, source, mistakes, (KEY,))
    if file is None:
        return None
    _check(file, source, tiers, days, mistakes)
    found = {(tiers.find(name) if tiers else None) or name: tier for name, tier in file.tiers.items()}
    return Panel(
        members=file.members,
        prospects=file.prospects,
        tiers={name: Tier(tier.visits_per_week, tier.lapse) for name, tier in found.items()},
        satisfaction=Satisfaction(**dict(file.satisfaction)),
        returning=Returning(**dict(file.returning)),
    )


def _check(file: PanelFile, source: Source, tiers: Names | None, days: int | None, mistakes: Mistakes) -> None:
    at = (KEY, "tiers")
    for name in file.tiers:
        if tiers and tiers.find(name) is None:
            mistakes.add(source.key_mark((*at, name)), tiers.missing(name))
    known = Names("tier", "the panel", file.tiers)
    for tier in tiers.all if tiers else ():
        if known.find(tier) is None:
            what = f"the segments' tier {quoted(tier)} is missing; write how often its members come"
            mistakes.add(source.key_mark(at), what)
    judged = file.satisfaction
    total = judged.wait + judged.unmet + judged.crowding + judged.price
    if total > 1:
        what = f"the weights add up to {total:.4g}; write at most 1 together"
        mistakes.add(source.key_mark((KEY, "satisfaction")), what)
    if days == 1:
        what = "customers cannot come back on a calendar of one day; write more 'days'"
        mistakes.add(source.key_mark((KEY,)), what)
