"""Walking, on random small plans, against an independent computation in shapely and networkx."""

from itertools import combinations
from math import cos, hypot, radians, sin

import networkx as nx
import numpy as np
import shapely
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from storesim.inputs.floor_plan import Bay, Door, Face, Fixture, FloorPlan, Walkway, Zone
from storesim.inputs.parameters import Parameters
from storesim.store.build import build_floor, walking_network
from storesim.store.floor import Floor
from storesim.store.habits import MAPS, habit_costs

RADIUS_M = 0.25
PARAMETERS = Parameters(body_radius_m=RADIUS_M)
ROOMS = (
    ((0.0, 0.0), (13.0, 0.0), (13.0, 13.0), (0.0, 13.0)),
    ((0.0, 0.0), (13.0, 0.0), (13.0, 6.0), (7.0, 6.0), (7.0, 13.0), (0.0, 13.0)),
)
few = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow]
)


def turned_shelf(name: str, x: float, y: float, width: float, depth: float, degrees: float) -> Fixture:
    """A box about (x, y), turned, with two bays on its front and one on its back."""
    c, s = cos(radians(degrees)), sin(radians(degrees))

    def at(u: float, v: float) -> tuple[float, float]:
        return (x + c * u - s * v, y + s * u + c * v)

    w, d = width / 2, depth / 2
    front = (Bay(1, w, at(-w, -d), at(0, -d)), Bay(2, w, at(0, -d), at(w, -d)))
    back = (Bay(1, width, at(w, d), at(-w, d)),)
    faces = (Face("front", front, (s, -c)), Face("back", back, (-s, c)))
    return Fixture(name, "gondola", 5, 1.8, faces, (at(-w, -d), at(w, -d), at(w, d), at(-w, d)))


@st.composite
def shelves(draw: st.DrawFn) -> Fixture:
    x, y = draw(st.integers(100, 1200)) / 100, draw(st.integers(150, 1200)) / 100
    width, depth = draw(st.integers(60, 400)) / 100, draw(st.integers(30, 150)) / 100
    return turned_shelf("", x, y, width, depth, draw(st.sampled_from([0, 0, 30, 90, 135, 222])))


@st.composite
def plans(draw: st.DrawFn, one_way: bool = False) -> FloorPlan:
    outline = draw(st.sampled_from(ROOMS))
    found = draw(st.lists(shelves(), min_size=2, max_size=5))
    kept: list[Fixture] = []
    for shelf in found:
        if stands_free(shelf, kept, outline):
            kept.append(Fixture(f"F{len(kept)}", shelf.kind, 5, 1.8, shelf.faces, shelf.outline))
    assume(len(kept) >= 2)
    rules = ()
    if one_way:
        x, y = draw(st.integers(1, 5)), draw(st.integers(2, 8))
        way = draw(st.sampled_from([(1.0, 0.0), (0.0, 1.0), (-0.6, 0.8)]))
        rules = (Walkway(((x, y), (x + 4, y), (x + 4, y + 3), (x, y + 3)), way),)
    return room(outline, tuple(kept), rules)


def room(outline: tuple, fixtures: tuple[Fixture, ...], rules: tuple[Walkway, ...] = ()) -> FloorPlan:
    zone = Zone("all", "All", "sales", outline, shapely.Polygon(outline).area)
    return FloorPlan("random", (zone,), (Door("main", "both", (3.0, 0.0), 1.5),), fixtures, (), outline, walkways=rules)


def stands_free(shelf: Fixture, others: list[Fixture], outline: tuple) -> bool:
    """Whether a shelf stands inside, apart from others, and no gap is so near 0.5 m that rounding decides."""
    area, floor = shapely.Polygon(shelf.outline), shapely.Polygon(outline)
    gaps = [area.distance(shapely.Polygon(other.outline)) for other in others] + [area.distance(floor.exterior)]
    return floor.contains(area) and all(gap > 0.001 and abs(gap - 2 * RADIUS_M) > 0.001 for gap in gaps)


def free_space(plan: FloorPlan) -> shapely.Geometry:
    solid = [shapely.Polygon(f.outline).buffer(RADIUS_M, join_style="mitre") for f in plan.fixtures]
    floor = shapely.Polygon(plan.outline).buffer(-RADIUS_M, join_style="mitre")
    return floor.difference(shapely.union_all(solid))


def independent_distances(plan: FloorPlan, places: np.ndarray) -> np.ndarray:
    """Shortest ways by networkx over every pair of points that see each other, corners and places alike."""
    free = free_space(plan)
    points = [tuple(xy) for xy in places] + [tuple(xy) for xy in shapely.get_coordinates(free)]
    tolerant = free.buffer(1e-4)
    graph = nx.Graph()
    graph.add_nodes_from(range(len(points)))
    for i, j in combinations(range(len(points)), 2):
        if tolerant.covers(shapely.LineString([points[i], points[j]])):
            graph.add_edge(i, j, weight=hypot(points[i][0] - points[j][0], points[i][1] - points[j][1]))
    found = np.full((len(places), len(places)), np.inf)
    for i in range(len(places)):
        for j, metres in nx.single_source_dijkstra_path_length(graph, i).items():
            if j < len(places):
                found[i, j] = metres
    return found


def all_legs(floor: Floor) -> tuple[np.ndarray, ...]:
    """(habit, start, end) of every leg that can be walked."""
    return np.nonzero(np.isfinite(floor.ways.distance_m))


@few
@given(plans())
def test_distances_are_those_of_an_independent_computation(plan: FloorPlan) -> None:
    floor = build_floor(plan, PARAMETERS, seed=1)
    standing = shapely.intersects_xy(free_space(plan).buffer(1e-4), *floor.places.xy.T)
    ours = floor.ways.distance_m[0][np.ix_(standing, standing)]
    np.testing.assert_allclose(ours, independent_distances(plan, floor.places.xy[standing]), atol=1e-3)
    assert np.isinf(floor.ways.distance_m[0][~standing][:, standing]).all()


@few
@given(plans())
def test_no_walk_crosses_furniture(plan: FloorPlan) -> None:
    floor = build_floor(plan, PARAMETERS, seed=2)
    habit, start, end = all_legs(floor)
    first, edges = floor.ways.legs(habit, start, end)
    solid = shapely.union_all([shapely.Polygon(f.outline).buffer(RADIUS_M - 1e-3) for f in plan.fixtures])
    xy = floor.ways.vertex_xy
    for leg in range(0, len(habit), 7):
        walked = edges[first[leg] : first[leg + 1]]
        points = [xy[start[leg]], *xy[floor.ways.edge_end[walked]]]
        assert len(points) == 1 or not shapely.LineString(points).intersects(solid)


@few
@given(plans(one_way=True))
def test_legs_are_chains_of_edges_as_long_as_the_distance(plan: FloorPlan) -> None:
    floor = build_floor(plan, PARAMETERS, seed=3)
    habit, start, end = all_legs(floor)
    first, edges = floor.ways.legs(habit, start, end)
    leg = np.repeat(np.arange(len(habit)), np.diff(first))
    metres = np.bincount(leg, floor.ways.edge_m[edges], minlength=len(habit))
    np.testing.assert_allclose(metres, floor.ways.distance_m[habit, start, end], atol=1e-4)
    walked = np.flatnonzero(np.diff(first))
    np.testing.assert_array_equal(floor.ways.edge_start[edges[first[walked]]], start[walked])
    np.testing.assert_array_equal(floor.ways.edge_end[edges[first[walked + 1] - 1]], end[walked])
    inside = np.flatnonzero(leg[1:] == leg[:-1])
    np.testing.assert_array_equal(floor.ways.edge_end[edges[inside]], floor.ways.edge_start[edges[inside + 1]])


@few
@given(plans(one_way=True))
def test_distances_obey_the_triangle_inequality(plan: FloorPlan) -> None:
    metres = build_floor(plan, PARAMETERS, seed=1).ways.distance_m[0].astype(float)
    by_way_of = (metres[:, :, None] + metres[None, :, :]).min(axis=1)
    assert (metres <= by_way_of + 1e-4).all()


@few
@given(plans())
def test_without_rules_a_walk_back_is_as_long(plan: FloorPlan) -> None:
    metres = build_floor(plan, PARAMETERS, seed=1).ways.distance_m[0]
    np.testing.assert_allclose(metres, metres.T, atol=1e-4)


@few
@given(plans())
def test_habits_make_walks_longer_never_shorter(plan: FloorPlan) -> None:
    metres = build_floor(plan, PARAMETERS, seed=5).ways.distance_m
    assert metres.shape[0] == MAPS
    assert (metres[1:] >= metres[0] - 1e-4).all()


@few
@given(plans(one_way=True))
def test_one_way_areas_are_never_crossed_against_their_direction(plan: FloorPlan) -> None:
    ways = build_floor(plan, PARAMETERS, seed=4).ways
    (rule,) = plan.walkways
    area = shapely.Polygon(rule.outline).buffer(-1e-3)
    for start, end in zip(ways.vertex_xy[ways.edge_start], ways.vertex_xy[ways.edge_end], strict=True):
        inside = shapely.LineString([start, end]).intersection(area)
        forward = np.dot(end - start, rule.direction)
        assert inside.length < 1e-4 or forward >= -1e-5


@few
@given(plans(), st.integers(-40, 40), st.integers(-40, 40))
def test_moving_a_fixture_leaves_costs_elsewhere_exactly_equal(plan: FloorPlan, dx: int, dy: int) -> None:
    moved = shifted(plan.fixtures[0], dx / 10, dy / 10)
    assume(stands_free(moved, list(plan.fixtures[1:]), plan.outline))
    after = room(plan.outline, (moved, *plan.fixtures[1:]))
    touched = shapely.union_all([shapely.Polygon(f.outline).buffer(1.0) for f in (plan.fixtures[0], moved)])
    before_costs, after_costs = costs_by_ends(plan), costs_by_ends(after)
    for ends, costs in before_costs.items():
        if not shapely.LineString(ends).intersects(touched):
            assert after_costs[ends] == costs


def shifted(fixture: Fixture, dx: float, dy: float) -> Fixture:
    xs, ys = zip(*fixture.outline, strict=True)
    width = hypot(xs[1] - xs[0], ys[1] - ys[0])
    depth = hypot(xs[2] - xs[1], ys[2] - ys[1])
    degrees = float(np.degrees(np.arctan2(ys[1] - ys[0], xs[1] - xs[0])))
    return turned_shelf(fixture.id, sum(xs) / 4 + dx, sum(ys) / 4 + dy, width, depth, degrees)


def costs_by_ends(plan: FloorPlan) -> dict[tuple[tuple[float, float], ...], tuple[float, ...]]:
    """Costs in all maps of every straight walk, by the positions of its ends."""
    network = walking_network(plan, PARAMETERS)
    costs = habit_costs(network, plan.outline, PARAMETERS, seed=6)
    ends = [
        tuple(sorted(map(tuple, pair)))
        for pair in np.stack([network.xy[network.low], network.xy[network.high]], axis=1)
    ]
    return {end: tuple(costs[:, i]) for i, end in enumerate(ends)}
