"""Walking fitted to recorded trips: what is counted, what comes back, and what the trips cannot tell."""

from dataclasses import replace

import numpy as np
import pytest

from storesim.calibrate import search
from storesim.calibrate.knobs import KNOBS
from storesim.calibrate.passages import Passages, along_edges, collapsed, recorded_passages, walked_passages
from storesim.calibrate.paths import Estimate, Fitted, fit_paths
from storesim.calibrate.traits import Ground, alike, named, zone_rates
from storesim.calibrate.walkers import CannotFitError, Walkers
from storesim.experiment.replication import Ready
from storesim.inputs.case import Scenario
from storesim.inputs.floor_plan import FloorPlan, Zone
from storesim.inputs.parameters import provenance

TRUTH = {"habit_sigma": 0.25, "perimeter_pull": 0.85, "order_theta": 3.5, "wander_p": 0.2}


def squares(plan: FloorPlan, across: int, up: int) -> FloorPlan:
    """The plan with squares for zones, as a grid of cameras sees it."""
    width, depth = np.array(plan.outline).max(axis=0)
    x, y = np.linspace(0, width, across + 1), np.linspace(0, depth, up + 1)
    boxes = {
        f"{i}-{j}": ((x[i], y[j]), (x[i + 1], y[j]), (x[i + 1], y[j + 1]), (x[i], y[j + 1]))
        for i in range(across)
        for j in range(up)
    }
    return replace(plan, zones=tuple(Zone(name, name, "sales", box) for name, box in boxes.items()))


@pytest.fixture(scope="module")
def watched(small_scenario: Scenario) -> Scenario:
    """The small shop under 20 squares, fewer visits, and no recorded trips yet."""
    case = small_scenario.cases[0]
    case = replace(case, plan=squares(case.plan, 5, 4))
    return replace(small_scenario, cases=(case,), visits_per_day=150.0)


def record(scenario: Scenario, truth: dict[str, float], seed: int) -> tuple[tuple[str, ...], ...]:
    """What would be recorded in a store with these parameters: other customers, with other habits."""
    walkers = Walkers.of(replace(scenario, seed=seed))
    (seen,) = walkers.on_floor(np.array([[truth[knob.name] for knob in KNOBS]]), seed)
    ids = [zone.id for zone in scenario.cases[0].plan.zones]
    cuts = np.flatnonzero(np.diff(seen.trip)) + 1
    return tuple(tuple(ids[zone] for zone in trip) for trip in np.split(seen.zone, cuts))


@pytest.fixture(scope="module")
def fitted(watched: Scenario) -> Fitted:
    return fit_paths(replace(watched, paths=record(watched, TRUTH, 78)), workers=1)


def test_planted_parameters_come_back(fitted: Fitted) -> None:
    """From another store, with other customers and habits of their own: detours within 0.05, habits and pull 0.15.

    The order of so few stops in so small a shop is not told.
    """
    found = {estimate.name: estimate for estimate in fitted.estimates}
    for name, tolerance in (("wander_p", 0.05), ("perimeter_pull", 0.15), ("habit_sigma", 0.15)):
        assert found[name].told, name
        assert abs(found[name].value - TRUTH[name]) < tolerance, name
        assert abs(found[name].value - TRUTH[name]) < 3 * found[name].standard_error, name
        assert not found[name].at_edge, name


def test_what_was_fitted_passes_the_zones_as_recorded(fitted: Fitted) -> None:
    recorded, simulated = np.array([row[1:] for row in fitted.zones]).T
    assert simulated == pytest.approx(recorded, abs=0.25)
    assert fitted.zones_a_trip[1] == pytest.approx(fitted.zones_a_trip[0], rel=0.1)


def test_what_trips_do_not_tell_stays_what_it_was_and_says_so(fitted: Fitted, watched: Scenario) -> None:
    for estimate in fitted.estimates:
        entry = fitted.provenance()["parameters"][estimate.name]
        if estimate.told:
            assert entry["status"] == "observed"
            assert entry["how"] == f"observed: {fitted.trips} trips"
        else:
            assert estimate.value == getattr(watched.parameters, estimate.name)
            assert entry["status"] == provenance(estimate.name).status
        assert (estimate.name in fitted.parameters) == estimate.told


def test_parameters_are_written_as_a_block_of_a_scenario() -> None:
    estimates = (Estimate("habit_sigma", 0.30001, 0.05, True, False), Estimate("order_theta", 2.0, 0.0, False, False))
    fitted = Fitted(40, 750, estimates, 0.15, (), (3.0, 3.1))
    assert fitted.yaml() == (
        "parameters:  # observed: fitted to 40 recorded trips, see calibration.json\n"
        "  habit_sigma: 0.3\n  habit_sigma_known: 0.15\n"
    )
    assert replace(fitted, estimates=estimates[1:]).yaml() == ""


def test_too_few_trips_and_plans_without_measures_are_refused(watched: Scenario) -> None:
    with pytest.raises(CannotFitError, match="2 recorded trips are too few"):
        fit_paths(replace(watched, paths=(("0-0", "1-0"),) * 2), workers=1)
    case = watched.cases[0]
    schematic = replace(watched, cases=(replace(case, plan=replace(case.plan, outline=())),))
    with pytest.raises(CannotFitError, match="has no measures"):
        fit_paths(schematic, workers=1)


# What is counted


def passages(*trips: list[int]) -> Passages:
    return collapsed(
        np.repeat(np.arange(len(trips)), [len(trip) for trip in trips]), np.array([z for trip in trips for z in trip])
    )


def test_points_in_a_row_are_one_passage_and_trips_do_not_run_into_each_other() -> None:
    seen = passages([0, 0, -1, 0, 1], [-1], [1, 1, 2])
    assert seen.trip.tolist() == [0, 0, 1, 1]
    assert seen.zone.tolist() == [0, 1, 1, 2]
    assert len(seen) == 2


def test_recorded_zones_are_known_by_any_spelling_and_others_left_out() -> None:
    seen = recorded_passages(hall(), [("z0", "Z1", "z2"), ("z1", "z1", "no such"), ("nor this",)])
    assert seen.trip.tolist() == [0, 0, 0, 1]
    assert seen.zone.tolist() == [0, 1, 2, 1]


def hall() -> FloorPlan:
    """Three zones in a row of 24 m; the middle one is two thirds within 3 m of a wall."""
    plan = FloorPlan("hall", (), (), (), (), ((0.0, 0.0), (24.0, 0.0), (24.0, 9.0), (0.0, 9.0)))
    cuts = [(0, 3), (3, 21), (21, 24)]
    return replace(
        plan,
        zones=tuple(Zone(f"z{i}", "", "", ((a, 0.0), (b, 0.0), (b, 9.0), (a, 9.0))) for i, (a, b) in enumerate(cuts)),
    )


def test_zones_are_neighbours_where_they_touch() -> None:
    ground = Ground.of(hall())
    assert ground.hops.tolist() == [[0, 1, 2], [1, 0, 1], [2, 1, 0]]
    assert ground.metres[0].tolist() == [0, 10.5, 21]
    assert ground.along_walls == pytest.approx([1, 2 / 3, 1], abs=0.01)


def test_traits_are_what_they_are_called() -> None:
    seen = passages([0, 1, 0], [1, 2], [0, 1, 2])
    found = named(seen, Ground.of(hall()))
    assert zone_rates(seen, 3).tolist() == [1, 1, 2 / 3]
    assert found["zones a trip, log"] == pytest.approx(np.log(8 / 3))
    assert found["different zones a trip, log"] == pytest.approx(np.log(7 / 3))
    assert found["back at once"] == 1 / 2, "one of the two trips of three zones"
    assert found["by the fewest zones, 2"] == 1 / 2
    assert found["metres in 2 zones"] == 21 / 2
    assert found["metres in 3 zones"] == 0, "no trip is so long"
    assert found["along walls"] == pytest.approx((5 + 3 * 2 / 3) / 8, abs=0.01)
    assert found["same way over 2 zones"] == 0, "only one trip got from end to end"


def test_alike_is_the_chance_that_two_chose_the_same() -> None:
    """Of three in group 7, each meets the same choice in half, half and none of the others; 8 is alone."""
    assert alike(np.array([7, 7, 7, 8]), np.array([1, 1, 2, 1])) == pytest.approx((1 / 2 + 1 / 2 + 0 + 0) / 4)
    assert alike(np.array([], dtype=int), np.array([], dtype=int)) == 0


def test_a_trait_that_shows_a_parameter_tells_it_and_noise_tells_nothing() -> None:
    """The first parameter comes back from its own image; the others stay the scenario's."""
    rng = np.random.default_rng(0)
    places = rng.random((96, len(KNOBS)))
    traits = np.column_stack((3 * places[:, 0] + 0.01 * rng.normal(size=96), rng.normal(size=(96, 5))))
    own = np.array([0.4, 0.5, 0.6, 0.7])
    best = search.estimate(places, traits, np.array([3 * 0.2, 0, 0, 0, 0, 0]), own)
    assert best.told.tolist() == [True, False, False, False]
    assert best.at[0] == pytest.approx(0.2, abs=0.03)
    assert best.at[1:].tolist() == own[1:].tolist()
    assert 0 < best.error[0] < 0.05
    outside = search.estimate(places, traits, np.array([3 * 1.5, 0, 0, 0, 0, 0]), own)
    assert outside.at_edge[0]


def test_walks_pass_the_zones_of_the_places_they_lead_to(small_ready: Ready) -> None:
    """Every trip begins in the door's zone and ends before the tills; steps lead to zones that touch."""
    day = small_ready.play(0, small_ready.population(0), 0)
    floor = small_ready.shops[0].floor
    seen = walked_passages(day.trips, along_edges(floor))
    assert len(seen) == len(day.population)
    first = np.searchsorted(seen.trip, np.arange(len(seen)))
    last = np.append(first[1:], len(seen.trip)) - 1
    zone = floor.places.zone
    assert set(seen.zone[first]) == {zone[floor.places.bays]}
    assert set(seen.zone[last]) == {zone[-1]}
    joined = {(a, b) for a, b, _ in floor.neighbours}
    steps = np.flatnonzero(np.diff(seen.trip) == 0)
    assert set(zip(seen.zone[steps], seen.zone[steps + 1], strict=True)) <= joined
