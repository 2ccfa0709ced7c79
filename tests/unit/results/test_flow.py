"""Walks and stays are put into cells of the floor."""

from dataclasses import replace

import numpy as np

from storesim.experiment.replication import Ready
from storesim.results.flow import raster


def test_cells_lie_where_the_floor_lies(small_ready: Ready) -> None:
    """A plan may be measured from any corner: nothing but the centres of the cells moves with it."""
    floor, shift = small_ready.shops[0].floor, np.array([-20.0, -30.5])
    ways = replace(floor.ways, vertex_xy=floor.ways.vertex_xy + shift)
    elsewhere = replace(floor, ways=ways, places=replace(floor.places, xy=floor.places.xy + shift))
    here, there = raster(floor), raster(elsewhere)
    np.testing.assert_allclose(there.xy_m - shift, here.xy_m)
    assert (there.crossed != here.crossed).nnz == (there.stood != here.stood).nnz == 0


def test_a_place_stands_in_its_cell(small_ready: Ready) -> None:
    floor = small_ready.shops[0].floor
    found = raster(floor)
    place, cell = found.stood.nonzero()
    assert place.tolist() == list(range(len(floor.places.xy)))
    assert np.abs(found.xy_m[cell] - floor.places.xy).max() <= 0.25 + 1e-6
