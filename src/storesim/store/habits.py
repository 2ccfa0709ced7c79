"""Habit maps: what walking costs along each edge when customers have ways of their own through the store."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely

from storesim.inputs.base import Point
from storesim.inputs.floor_plan import Sign
from storesim.inputs.parameters import Parameters
from storesim.store.floor import Floats, Ints
from storesim.store.visibility import Network

FIELDS = 8
"""Noise fields; each is used at low and at full strength: maps 1..8 and 9..16."""
MAPS = 1 + 2 * FIELDS
STEP_M = 0.5
"""Sampling step of the midpoint rule along an edge, metres."""
PERIMETER_M = 3.0
"""Width of the strip along the outer walls that draws customers, metres."""
FEATURES = 128
CELL_M = 0.5
"""Spacing of the lattice on which the noise is drawn, metres; finer where its correlation length is short."""
STREAM = 0x4AB17
"""Key of this module's random streams."""


def sample_edges(start: Floats, end: Floats) -> tuple[Ints, Floats, Floats]:
    """Return midpoints of equal steps of at most 0.5 m: (edge, xy, step in metres), shapes (samples, …)."""
    metres = np.hypot(*(end - start).T)
    count = np.maximum(np.ceil(metres / STEP_M - 1e-9), 1).astype(np.int64)
    edge = np.repeat(np.arange(len(start)), count)
    number = np.arange(len(edge)) - np.repeat(np.cumsum(count) - count, count)
    share = (number + 0.5) / count[edge]
    xy = start[edge] + share[:, None] * (end - start)[edge]
    return edge, xy, (metres / count)[edge]


def habit_costs(
    network: Network, outline: tuple[Point, ...], parameters: Parameters, seed: int, signs: Sequence[Sign] = ()
) -> Floats:
    """Return the cost of every pair in every map, shape (maps, pairs); map 0 is plain metres.

    cost = ∫ exp(σ s ε(x, y)) · pull ds, with ε a field of unit variance that belongs to the place, not to
    the plan: the cost of a walk stays exactly the same when something else is moved. s is below 1 where a sign
    can be read: there everybody walks more nearly the shortest way.
    """
    edge, xy, step = sample_edges(network.xy[network.low], network.xy[network.high])
    weight = step * _pull(xy, outline, parameters.perimeter_pull)
    doubt = _doubt(xy, signs, parameters.sign_effect)
    costs = np.empty((MAPS, len(network.metres)))
    costs[0] = network.metres
    for field, noise in enumerate(interpolated_noise(xy, seed, parameters.habit_length_m)):
        for first, sigma in ((1, parameters.habit_sigma_known), (1 + FIELDS, parameters.habit_sigma)):
            dear = np.exp(sigma * doubt * noise) * weight
            costs[first + field] = np.bincount(edge, dear, minlength=len(network.metres))
    return costs


def _doubt(xy: Floats, signs: Sequence[Sign], effect: float) -> Floats:
    """Return the part of the noise left at each point, shape (samples,): `effect` where a sign can be read, else 1."""
    readable = np.zeros(len(xy), dtype=np.bool_)
    for sign in signs:
        area = shapely.Polygon(sign.outline)
        shapely.prepare(area)
        readable |= shapely.intersects_xy(area, xy[:, 0], xy[:, 1])
    return np.where(readable, effect, 1.0)


def _pull(xy: Floats, outline: tuple[Point, ...], pull: float) -> Floats:
    """Return the cost factor of each point, shape (samples,): `pull` near the outer walls, else 1."""
    near = np.zeros(len(xy), dtype=np.bool_)
    for start, end in zip(outline, outline[1:] + outline[:1], strict=True):
        step = (end[0] - start[0], end[1] - start[1])
        across, up = xy[:, 0] - start[0], xy[:, 1] - start[1]
        share = np.clip((across * step[0] + up * step[1]) / (step[0] ** 2 + step[1] ** 2), 0, 1)
        near |= (across - share * step[0]) ** 2 + (up - share * step[1]) ** 2 <= PERIMETER_M**2
    return np.where(near, pull, 1.0)


def interpolated_noise(xy: Floats, seed: int, length_m: float) -> Iterator[Floats]:
    """Yield each noise field at points, shape (samples,), bilinear on a lattice from the origin."""
    cell_m = min(CELL_M, length_m / 8)
    base = np.floor(xy / cell_m).astype(np.int64)
    across, up = (xy / cell_m - base).T
    low, high = base.min(axis=0, initial=0), base.max(axis=0, initial=0) + 2
    grid = np.meshgrid(*(np.arange(low[i], high[i]) * cell_m for i in (0, 1)), indexing="ij")
    rows = high[1] - low[1]
    at = (base[:, 0] - low[0]) * rows + base[:, 1] - low[1]
    for field in range(FIELDS):
        lattice = noise_field(grid[0], grid[1], seed, field, length_m).reshape(-1)
        left = lattice[at] * (1 - up) + lattice[at + 1] * up
        right = lattice[at + rows] * (1 - up) + lattice[at + rows + 1] * up
        yield np.asarray(left * (1 - across) + right * across, dtype=np.float64)


def noise_field(x: Floats, y: Floats, seed: int, field: int, length_m: float) -> Floats:
    """Return a smooth random field of mean 0 and variance 1 at (x, y), any shape.

    Random Fourier features of the kernel exp(-d² / 2 length²); a number depends on (seed, field, x, y) only.
    """
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(STREAM, field)))
    waves = rng.normal(size=(FEATURES, 2)) / length_m
    phases = rng.uniform(0, 2 * np.pi, FEATURES)
    total = np.zeros(np.shape(x))
    for (wave_x, wave_y), phase in zip(waves, phases, strict=True):
        total += np.cos(wave_x * x + wave_y * y + phase)
    return np.asarray(total * np.sqrt(2 / FEATURES), dtype=np.float64)
