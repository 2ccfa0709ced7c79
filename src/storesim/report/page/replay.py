"""The replay of one day: two variants in step with the same customers, who can be followed."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from markupsafe import Markup

from storesim.engine.log import Kind
from storesim.inputs.case import Scenario
from storesim.report.page.numbers import Numbers
from storesim.report.page.render import render
from storesim.report.page.replay_data import VariantTracks, lowest, shared_part, take_lines, variant_parts
from storesim.report.page.replay_days import Progress, is_as_run, play_again
from storesim.report.page.replay_paths import WalkedFloor, walked_floor
from storesim.report.page.replay_plan import PlanPicture, plan_picture
from storesim.report.page.replay_tills import banks
from storesim.report.page.section import Section
from storesim.report.page.tracks import Ints, every_nth, read_tracks
from storesim.report.run_directory import RunDirectory
from storesim.results.day import Day

TITLE = "Replay of one day"
MOST_BYTES = 1_150_000
"""Most characters that the parts of all variants may have together."""
MOST_CUSTOMERS = 2_500
"""Of a day with more, every second, third, … customer is shown."""
MINUTE_S = 60


@dataclass(frozen=True, eq=False)
class Recording:
    """What is shown of a day."""

    days: tuple[Day, ...]
    """The variants that fit, in the scenario's order."""
    tracks: tuple[VariantTracks, ...]
    left_out: tuple[str, ...]
    """Names of the variants that did not fit."""
    every: int
    """Customers are shown whose number this divides."""
    lines: tuple[tuple[int, int, float], ...]
    shared: str
    parts: tuple[str, ...]


def _silent(done: int, steps: int) -> None:
    """Tell nobody."""


def replay_section(run: RunDirectory, numbers: Numbers, progress: Progress = _silent) -> Section | None:
    """Return the replay; without one where the day cannot be played again as it was, and None without any day."""
    if not run.finished or run.scenario.panel:  # a panel's day hangs on all days before it
        return None
    days = play_again(run.scenario, int(run.responses["replication"].min()), progress)
    if not all(is_as_run(day, run.responses) for day in days):
        return Section("replay", TITLE, render("replay_differs"))
    return section_of(days, chosen(run), numbers)


def section_of(days: Sequence[Day], first: Sequence[str], numbers: Numbers) -> Section:
    """Return the replay of a day's variants; `first` names one or two of them, shown at first."""
    recording = record(days, first)
    pictures = [plan_picture(floor.floor.plan) for floor in _floors(recording)]
    return Section("replay", TITLE, _body(recording, pictures, numbers), _data(recording, pictures, numbers, first))


def chosen(run: RunDirectory) -> tuple[str, ...]:
    """Return the variants shown at first: the baseline and, of the others, the one with the highest margin."""
    margins = run.summary[run.summary["response"] == "margin"].set_index("variant")["mean"]
    baseline, *others = (case.name for case in run.scenario.cases)
    return (baseline, max(others, key=lambda name: float(margins[name]))) if others else (baseline,)


def record(days: Sequence[Day], first: Sequence[str], most_bytes: int = MOST_BYTES) -> Recording:
    """Return as much of a day as fits: fewer customers until those in `first` do, then the others in their order."""
    order = sorted(days, key=lambda day: first.index(day.case.name) if day.case.name in first else len(first))
    floors = {id(day.floor): walked_floor(day.floor, day.scenario.parameters) for day in days}
    every = max(1, -(-len(days[0].population) // MOST_CUSTOMERS))
    while True:
        who = every_nth(days[0], every)
        tracks = [VariantTracks(read_tracks(day, who), floors[id(day.floor)]) for day in order]
        lines = take_lines(variant.tracks for variant in tracks)
        shared, parts = shared_part(order[0], tracks[0].tracks), variant_parts(tracks, lines)
        fits = int(np.searchsorted(np.cumsum([len(part) for part in parts]), most_bytes - len(shared), side="right"))
        if fits >= len(first) or len(who) <= 1:
            break
        every *= 2
    kept = list(zip(order, tracks, parts, strict=True))[: max(fits, len(first))]
    return Recording(
        days=tuple(day for day, _, _ in kept),
        tracks=tuple(track for _, track, _ in kept),
        left_out=tuple(day.case.name for day in order[len(kept) :]),
        every=every,
        lines=tuple(lines),
        shared=shared,
        parts=tuple(part for _, _, part in kept),
    )


def inside(day: Day, minutes: int) -> Ints:
    """Return the customers in the store at the beginning of each minute after opening; shape (minutes,)."""
    at_s = MINUTE_S * np.arange(minutes)
    came, left = (np.sort(day.log.t_s[day.log.kind == kind]) for kind in (Kind.ENTER, Kind.LEAVE))
    return np.searchsorted(came, at_s, side="right") - np.searchsorted(left, at_s, side="right")


def _floors(recording: Recording) -> list[WalkedFloor]:
    """Return the floors that are shown, in the order in which their variants are."""
    return list({id(variant.floor): variant.floor for variant in recording.tracks}.values())


def _body(recording: Recording, pictures: Sequence[PlanPicture], numbers: Numbers) -> Markup:
    day = recording.days[0]
    scenario, hours = day.scenario, _hours(recording.days)
    counts = [inside(day, hours * 60 + 1) for day in recording.days]
    return render(
        "replay",
        number=day.replication + 1,
        date=day.date.isoformat(),
        customers=numbers.plain(float(len(day.population)), 10.0),
        shown=numbers.plain(float(len(recording.tracks[0].tracks.customer)), 10.0),
        every=recording.every,
        left_out=recording.left_out,
        until_s=hours * 3600,
        most_customer=len(day.population) - 1,
        clocks=[numbers.clock(scenario.opens_s + 3600 * hour) for hour in range(hours + 1)],
        curves=[
            _curve(day.case.name, count, scenario, numbers) for day, count in zip(recording.days, counts, strict=True)
        ],
        minutes=hours * 60,
        highest=max(1, max(int(count.max()) for count in counts)),
        floors=pictures,
    )


def _hours(days: Sequence[Day]) -> int:
    """Return the whole hours from opening until the last customer is out in every variant."""
    return max(1, *(int(np.ceil(day.log.t_s.max(initial=0.0) / 3600)) for day in days))


def _curve(name: str, count: Ints, scenario: Scenario, numbers: Numbers) -> dict[str, str]:
    """Return one variant's line of customers in the store, y downwards from 0, and what is to be said of it."""
    busiest = int(count.argmax())
    return {
        "name": name,
        "points": " ".join(f"{minute},{-number}" for minute, number in enumerate(count.tolist())),
        "most": numbers.plain(float(count[busiest]), 10.0),
        "at": numbers.clock(scenario.opens_s + MINUTE_S * busiest),
    }


def _data(
    recording: Recording, pictures: Sequence[PlanPicture], numbers: Numbers, first: Sequence[str]
) -> dict[str, object]:
    """Return what the script reads; see replay_data.py for `shared` and `part`."""
    scenario, floors = recording.days[0].scenario, _floors(recording)
    minutes = 60 * _hours(recording.days) + 1
    return {
        "locale": str(numbers.locale).replace("_", "-"),
        "currency": scenario.currency,
        "opens_s": scenario.opens_s,
        "every": recording.every,
        "chosen": [0, len(first) - 1],
        "segment": [segment.name for segment in scenario.segments],
        "mission": [mission.name for mission in scenario.missions],
        "products": [product.name for product in scenario.products],
        "lines": recording.lines,
        "shared": recording.shared,
        "floors": [_floor_data(floor, picture) for floor, picture in zip(floors, pictures, strict=True)],
        "variants": [
            {
                "name": day.case.name,
                "floor": next(i for i, floor in enumerate(floors) if floor is variant.floor),
                "inside": inside(day, minutes).tolist(),
                "part": part,
            }
            for day, variant, part in zip(recording.days, recording.tracks, recording.parts, strict=True)
        ],
    }


def _floor_data(floor: WalkedFloor, picture: PlanPicture) -> dict[str, object]:
    places = floor.floor.places
    tills = places.bays + places.doors
    spots = floor.xy_cm[tills : tills + places.checkouts]
    return {
        "size": [picture.width, picture.height],
        "scale": asdict(picture.scale),
        "lowest": lowest(floor),
        "first_till": tills,
        "banks": [asdict(bank) for bank in banks(floor.floor.plan, spots)],
    }
