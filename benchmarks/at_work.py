"""The example market with tills, stock and staff at work against the same market without, days in turns."""

import dataclasses
import time
from pathlib import Path
from statistics import median

from storesim.experiment.replication import Ready, prepare
from storesim.inputs.case import Scenario
from storesim.inputs.load import load_scenario
from storesim.inputs.operations import (
    BankRun,
    Delivery,
    Held,
    OnEmpty,
    Opening,
    OpenWhen,
    Operations,
    Payment,
    Refill,
    Staff,
    Stock,
    Tills,
)

MARKET = Path(__file__).parents[1] / "scenarios" / "market.yaml"
DAYS, LEAST = 12, 0.6
HOUR_S = 3600.0


def at_work(scenario: Scenario) -> Operations:
    """Return a store whose tills, stock and staff have all that a scenario can say of them."""
    day = (8 * HOUR_S, 22 * HOUR_S)
    banks = {
        "staffed": BankRun(express_lanes=1, schedule=(Opening(*day, 4),)),
        "self-service": BankRun(attendants=1, p_intervention=0.08),
    }
    payments = (Payment("card", 0.7, 0.0), Payment("cash", 0.3, 12.0))
    rule = OpenWhen(queue=3, close_below=1)
    return Operations(
        tills=Tills(banks, "least_wait", jockey=2, foresight=0.3, open_when=rule, payments=payments),
        stock=Stock(
            held={product.id: Held(per_metre=20.0, back_room=200, opening_back=200) for product in scenario.products},
            refill=Refill(rounds_s=(12 * HOUR_S, 17 * HOUR_S), below=0.3, trolley_persons=2),
            deliveries=(Delivery(14 * HOUR_S),),
            shrink=0.005,
            on_empty=OnEmpty(0.45, 0.15, search_s=10.0),
        ),
        staff=Staff((Opening(*day, 9),), wage=18.0),
    )


def main() -> None:
    scenario = load_scenario(MARKET)
    case = scenario.cases[0]
    run = dataclasses.replace(case, name="at work", operations=at_work(scenario))
    plain = prepare(dataclasses.replace(scenario, cases=(case,)))
    built = {case.plan: plain.shops[0].floor}
    ready = prepare(dataclasses.replace(scenario, cases=(run,)), built)
    speeds: dict[str, list[float]] = {"without": [], "at work": []}
    for replication in range(DAYS + 1):
        for name, which in (("without", plain), ("at work", ready)):
            speed = customers_per_cpu_s(which, replication)
            if replication:  # the first day warms up
                speeds[name].append(speed)
    without, with_all = median(speeds["without"]), median(speeds["at work"])
    print(f"market without operations          {without:9,.0f} customers per CPU second, draw and play")
    print(f"with tills, stock and staff at work{with_all:9,.0f}")
    share = with_all / without
    told = "met" if share >= LEAST else "MISSED"
    print(f"share of the speed                 {share:9.2f} (asked: at least {LEAST}): {told}")


def customers_per_cpu_s(ready: Ready, replication: int) -> float:
    before = time.process_time()
    population = ready.population(replication)
    ready.play(0, population, replication)
    return len(population) / (time.process_time() - before)


main()
