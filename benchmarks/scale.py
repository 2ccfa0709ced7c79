"""What a day costs as more customers come, and what a variant and a store cost before any day is played.

Each size is played in a process of its own, on the example market's grid layout: same floor, more customers, and lanes
at the tills in proportion (the floor gets as crowded as it would; the queues do not). CPU seconds are those of drawing,
playing and measuring; the peak is the whole process's, which reads what was prepared from a file as workers do.
"""

import dataclasses
import json
import pickle
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from storesim.customers.propensity import Propensity, propensity
from storesim.engine.shop import open_shop
from storesim.experiment.replication import Prepared
from storesim.inputs.case import Scenario
from storesim.inputs.load import load_scenario
from storesim.results.flow import raster
from storesim.store.build import build_floor
from storesim.store.floor import Floor

MARKET = Path(__file__).parents[1] / "scenarios" / "market.yaml"
DAYS = Path(__file__).with_name("scale_days.py")
SIZES = (1_000, 2_000, 5_000, 10_000, 20_000, 50_000)
USUAL = 2_100.0
"""Customers a day that the market's tills are made for."""
COUNTED = 6_000
"""Customers counted at least, over several days where they are small."""
TURNS = 3
"""Times that every size is played, one after the other; the median counts, as the machine is not always as fast."""
FLAT, PEAK_MB = 1.2, 400.0


def main() -> None:
    scenario = load_scenario(MARKET)
    floor, kinds = store_costs(scenario)
    days: dict[int, list[Played]] = {visits: [] for visits in SIZES}
    with tempfile.TemporaryDirectory() as folder:
        for visits in SIZES:
            file_of(folder, visits).write_bytes(pickle.dumps(busy(scenario, floor, kinds, visits)))
        for turn in range(TURNS):
            for visits in SIZES:
                words = [sys.executable, str(DAYS), str(max(1, COUNTED // visits)), str(file_of(folder, visits))]
                own = subprocess.run(words, check=True, capture_output=True, text=True)
                days[visits].append(Played(**json.loads(own.stdout)))
            print(f"turn {turn + 1} of {TURNS} done", flush=True)
    tell({visits: sorted(found, key=lambda day: day.each_us)[TURNS // 2] for visits, found in days.items()})


@dataclasses.dataclass(frozen=True)
class Played:
    """What days of one size took."""

    customers: int
    facts: int
    cpu_s: float
    peak_mb: float

    @property
    def each_us(self) -> float:
        return 1e6 * self.cpu_s / self.customers


def tell(days: dict[int, Played]) -> None:
    """Print a line for each size, and how the bars were met."""
    print(f"\n{'visits':>8}{'customers':>11}{'facts each':>12}{'CPU s':>9}{'us each':>9}{'to least':>10}{'peak MB':>9}")
    least = days[SIZES[0]].each_us
    for visits, day in days.items():
        print(
            f"{visits:8,}{day.customers:11,}{day.facts / day.customers:12.1f}{day.cpu_s:9.2f}"
            f"{day.each_us:9.0f}{day.each_us / least:10.2f}{day.peak_mb:9.0f}"
        )
    most, peak_mb = max(day.each_us for day in days.values()) / least, days[SIZES[-1]].peak_mb
    print(f"dearest customer over those of the smallest day {most:.2f}, bar {FLAT:g}: {met(most <= FLAT)}")
    print(f"peak at {SIZES[-1]:,} customers {peak_mb:.0f} MB, bar {PEAK_MB:g}: {met(peak_mb < PEAK_MB)}")


def met(is_met: bool) -> str:
    return "met" if is_met else "MISSED"


def file_of(folder: str, visits: int) -> Path:
    return Path(folder) / f"{visits}.pickle"


def store_costs(scenario: Scenario) -> tuple[Floor, Propensity]:
    """Print what a store and a variant cost once, whatever the days; return the first floor, and what is bought."""
    case = scenario.cases[0]
    floor, floor_s = timed(lambda: build_floor(case.plan, scenario.parameters, scenario.seed))
    propensity(scenario)  # the first call imports
    kinds, kinds_s = timed(lambda: propensity(scenario))
    _, raster_s = timed(lambda: raster(floor))
    _, shop_s = timed(lambda: open_shop(scenario, case, floor))
    print(f"a store:   floor {floor_s:.2f} s, customers' inclinations {kinds_s:.2f} s, raster {raster_s:.2f} s")
    print(f"a variant: {shop_s:.3f} s on a floor that stands; its floor is {len(pickle.dumps(floor)) / 1e6:.0f} MB")
    return floor, kinds


def busy(scenario: Scenario, floor: Floor, kinds: Propensity, visits: int) -> tuple[Scenario, Prepared]:
    """Return the market's baseline with so many visits a day, and lanes in proportion."""
    case, more = scenario.cases[0], max(visits / USUAL, 1.0)
    tills = tuple(dataclasses.replace(bank, lanes=round(bank.lanes * more)) for bank in case.plan.checkouts)
    plan = dataclasses.replace(case.plan, checkouts=tills)
    own = dataclasses.replace(scenario, cases=(dataclasses.replace(case, plan=plan),), visits_per_day=float(visits))
    return own, Prepared({plan: dataclasses.replace(floor, plan=plan)}, kinds)


def timed(work: Callable[[], object]):
    before = time.process_time()
    result = work()
    return result, time.process_time() - before


if __name__ == "__main__":
    main()
