"""Days of the example market, grid layout; prints customers, CPU seconds and peak memory as JSON.

`cpu_s` is drawing the customers and playing their day to a sorted event log; `measured_cpu_s` adds all responses and
tables. Reading files and building the floor come before and are not counted, as for the peer.
"""

import dataclasses
import json
import resource
import sys
import time
from pathlib import Path

from storesim.experiment.replication import prepare
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
    print(json.dumps({"days": rows, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))


main()
