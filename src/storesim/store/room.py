"""Room to walk: how much of each zone's floor is free of furniture."""

import numpy as np
import shapely

from storesim.inputs.floor_plan import FloorPlan
from storesim.store.floor import Floats
from storesim.store.ground import furniture


def walkable_m2(plan: FloorPlan) -> Floats:
    """Return the free floor of each zone, and last that outside all zones, in m²; shape (zones + 1,).

    Floor belongs to the smallest zone that holds it, and never counts where fixtures, obstacles, checkouts or closed
    areas stand. In a schematic plan a zone has the area that is written, and 0 says that nobody knows.
    """
    if plan.is_schematic:
        return np.array([*(zone.area_m2 for zone in plan.zones), 0.0])
    left = shapely.difference(
        shapely.Polygon(plan.outline), shapely.union_all([polygon for _, polygon in furniture(plan)])
    )
    areas = [shapely.Polygon(zone.outline) for zone in plan.zones]
    found = np.zeros(len(areas) + 1)
    for index in sorted(range(len(areas)), key=lambda i: areas[i].area):
        found[index] = shapely.area(shapely.intersection(left, areas[index]))
        left = shapely.difference(left, areas[index])
    found[-1] = shapely.area(left)
    return found
