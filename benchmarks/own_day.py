"""Days of the example market, grid layout; prints customers, CPU seconds and peak memory as JSON.

`cpu_s` is drawing the customers and playing their day to a sorted event log; `measured_cpu_s` adds all responses and
tables; `loop_cpu_s` is SimPy's loop alone, with all that customers decide in it, and `events` are those of its clock.
Reading files and building the floor come before and are not counted, as for the peer.
"""

import dataclasses
import json
import resource
import sys
import time
from pathlib import Path

from storesim.behaviour.itinerary import plan
from storesim.engine.day import StoreDay
from storesim.experiment.replication import Ready, prepare
from storesim.inputs.load import load_scenario
from storesim.results.responses import measure
from storesim.results.tables import tabulate

MARKET = Path(__file__).parents[1] / "scenarios" / "market.yaml"


def main() -> None:
    days = int(sys.argv[1])
    scenario = load_scenario(MARKET)
    ready = prepare(dataclasses.replace(scenario, cases=scenario.cases[:1]))
    rows = []
    for replication in range(days):
        before = time.process_time()
        population = ready.population(replication)
        day = ready.play(0, population, replication)
        played = time.process_time()
        measure(day)
        tabulate(day)
        rows.append(
            {
                "customers": len(population),
                "facts": len(day.log),
                "cpu_s": played - before,
                "measured_cpu_s": time.process_time() - before,
            }
        )
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    loops = [loop(ready, replication) for replication in range(days)]
    print(json.dumps({"days": rows, "loops": loops, "peak_mb": peak_mb}))


def loop(ready: Ready, replication: int) -> dict[str, float]:
    """Return what the loop of a day takes, when all that precedes it is done."""
    shop, population = ready.shops[0], ready.population(replication)
    day = StoreDay(shop, population, plan(shop.floor, shop.shelves, population, shop.scenario), replication)
    before = time.process_time()
    day.run()
    return {"loop_cpu_s": time.process_time() - before, "events": next(day.env._eid)}


main()
