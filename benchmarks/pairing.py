"""What pairing buys: half-widths of grid against racetrack, with common random numbers and without."""

import dataclasses
import pickle
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import cpu_count
from pathlib import Path

import numpy as np

from storesim.experiment.replication import replicate_there
from storesim.inputs.load import load_scenario
from storesim.results.intervals import paired_difference
from storesim.results.responses import RESPONSES

MARKET = Path(__file__).parents[1] / "scenarios" / "layouts.yaml"
REPLICATIONS = 20
SHOWN = ("sales", "margin", "dwell_s", "walked_m")


def main() -> None:
    scenario = load_scenario(MARKET)
    scenario = dataclasses.replace(scenario, cases=scenario.cases[:2])
    with ProcessPoolExecutor(cpu_count()) as pool:
        played = pool.map(replicate_there, repeat(pickle.dumps(scenario)), range(2 * REPLICATIONS), repeat(None))
        outcomes = list(played)
    table = np.stack([outcome.responses for outcome in outcomes])
    print(f"{' against '.join(case.name for case in scenario.cases)}, {REPLICATIONS} replications, 95 % half-widths")
    for k, response in enumerate(RESPONSES):
        if response.name in SHOWN:
            values, baseline = table[:, 1, k], table[:, 0, k]
            paired = paired_difference(values[:REPLICATIONS], baseline[:REPLICATIONS], 1)
            independent = paired_difference(values[:REPLICATIONS], baseline[REPLICATIONS:], 1)
            print(
                f"{response.name:10} paired ± {paired.half_width:10.3f}   independent ± {independent.half_width:10.3f}"
                f"   {independent.half_width / paired.half_width:6.1f} times narrower"
            )


if __name__ == "__main__":
    main()
