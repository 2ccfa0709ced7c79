"""Whatever the capacities, a day ends: 200 random small stores at work all close, and every customer gets out."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storesim.engine.facts import FactWriter
from storesim.engine.log import Kind
from storesim.experiment.replication import Ready, prepare
from storesim.inputs.load import load_scenario
from storesim.inputs.operations import (
    Advice,
    BankRun,
    Comfort,
    Counter,
    Delivery,
    Groups,
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
    Trolleys,
)

SCENARIOS = Path(__file__).parents[2] / "scenarios"
shares, few = st.floats(0, 1), st.integers(0, 2)
times_s = st.integers(6, 22).map(lambda hour: hour * 3600.0)
openings = st.tuples(times_s, times_s, few).filter(lambda t: t[0] < t[1]).map(lambda t: Opening(*t))
schedules = st.lists(openings, max_size=2).map(tuple)
rules = st.none() | st.builds(OpenWhen, st.floats(0.5, 4), st.floats(0, 0.4), st.floats(0, 600))
banks = st.builds(
    BankRun,
    express_lanes=few,
    item_limit=st.integers(1, 5),
    schedule=schedules,
    attendants=few,
    p_intervention=shares,
    intervention_s=st.floats(0, 300),
)
stocks = st.builds(
    Stock,
    held=st.just({}),
    refill=st.builds(
        Refill,
        st.lists(times_s, max_size=2).map(tuple),
        shares,
        st.floats(0, 60),
        st.floats(0, 1800),
        st.integers(0, 9),
    ),
    deliveries=st.lists(st.builds(Delivery, times_s, shares), max_size=1).map(tuple),
    shrink=shares,
    on_empty=st.builds(OnEmpty, st.floats(0, 0.5), st.floats(0, 0.5), st.floats(0, 60)),
)
held = st.builds(Held, st.floats(0.1, 3), st.integers(0, 9), shares, st.integers(0, 9))
staffs = st.none() | st.builds(Staff, st.lists(openings, min_size=1, max_size=2).map(tuple))
tills = st.builds(
    Tills,
    choice=st.sampled_from(["shortest", "least_wait"]),
    jockey=few,
    foresight=shares,
    open_when=rules,
    payments=st.sampled_from([(), (Payment("card", 0.5, 0.0), Payment("cash", 0.5, 30.0))]),
)


@pytest.fixture(scope="module", autouse=True)
def small_lots() -> Iterator[None]:
    """Facts are put away lot by lot, as on a big day."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("storesim.engine.day.FactWriter", partial(FactWriter, 512))
        yield


@pytest.fixture(scope="module", params=["small_shop", "corner_shop"])
def shop(request: pytest.FixtureRequest) -> Ready:
    """A measured shop, and one whose ways are only written; some 60 customers come to either."""
    scenario = load_scenario(SCENARIOS / f"{request.param}.yaml")
    case = scenario.cases[0]
    keeper = Operations(counters=(Counter("counter", "", 1, 60.0, 0.5),), groups=Groups(0.5, 2), staff=Staff(()))
    return prepare(
        replace(scenario, visits_per_day=60.0, cases=(replace(case, operations=replace(keeper, stock=None)),))
    )


runs = st.builds(
    Operations,
    tills=tills,
    stock=st.none() | stocks,
    staff=staffs,
    finding_s=st.sampled_from([0.0, 30.0]),
    entry_at_most=st.none() | st.integers(1, 3),
    groups=st.sampled_from([None, Groups(0.5, 3, 0.8, 1.5)]),
    trolleys=st.sampled_from([None, Trolleys(2, 0.9, 2)]),
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(run=runs, bank=banks, every=held, people=few, fixture=st.integers(0, 50), extras=st.integers(0, 7), number=few)
def test_every_day_ends_and_everybody_gets_out(
    shop: Ready, run: Operations, bank: BankRun, every: Held, people: int, fixture: int, extras: int, number: int
) -> None:
    plan, products = shop.shops[0].case.plan, shop.scenario.products
    counter = Counter("counter", plan.fixtures[fixture % len(plan.fixtures)].id, people, 90.0, 0.5, 0.8)
    zone = plan.zones[fixture % len(plan.zones)].id
    run = replace(
        run,
        tills=replace(run.tills, banks={checkout.id: bank for checkout in plan.checkouts}),
        stock=run.stock and replace(run.stock, held={product.id: every for product in products}),
        counters=(counter,) if extras & 1 else (),
        advice=(Advice(zone, people, 0.5, 60.0, 2.0),) if extras & 2 else (),
        comfort={zone: Comfort(2.0, 2.0, 0.5)} if extras & 4 else {},
    )
    ready = replace(shop, shops=(replace(shop.shops[0], case=replace(shop.shops[0].case, operations=run)),))
    log = ready.play(0, ready.population(number), number).log
    entered, left = (np.sort(log.customer[log.kind == kind]) for kind in (Kind.ENTER, Kind.LEAVE))
    assert np.array_equal(entered, left), "who came in went out, once"
    in_order = np.lexsort((log.customer, log.t_s))
    assert np.array_equal(in_order, np.arange(len(log))), "nothing is told of the past when it has been put away"
    paid = log.customer[log.kind == Kind.PAY]
    assert len(np.unique(paid)) == len(paid), "and paid once at most"
    for begins, ends in ((Kind.BEGIN, Kind.END), (Kind.ATTEND, Kind.ATTENDED)):
        assert np.count_nonzero(log.kind == begins) == np.count_nonzero(log.kind == ends)
    if run.entry_at_most:
        steps = np.where(log.kind == Kind.ENTER, 1, np.where(log.kind == Kind.LEAVE, -1, 0))
        assert np.cumsum(steps[np.lexsort((log.kind != Kind.LEAVE, log.t_s))]).max(initial=0) <= run.entry_at_most
