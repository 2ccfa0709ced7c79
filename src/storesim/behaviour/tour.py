"""Shortest tours: every order tried, or nearest-next improved by 2-opt and Or-opt; Held-Karp as the reference."""

from itertools import accumulate, chain, pairwise, permutations

import numpy as np

from storesim.customers.population import Floats, Ints

Table = list[list[float]]
ENUMERATED = 5
"""Stops up to which trying every order of many customers at once is the cheapest way, and exact."""


def shortest_tours(distance_m: Floats, home_m: Floats) -> Ints:
    """Return the order of stops 1..n of each customer that walks least, shape (customers, n): exact up to 5 stops.

    Args:
        distance_m: shape (customers, n + 1, n + 1), from row to column; need not be symmetric.
        home_m: shape (customers, n + 1), from each point to the end of the tour.
    """
    n = home_m.shape[1] - 1
    if n > ENUMERATED:
        return np.array([shortest_tour(d, h) for d, h in zip(distance_m, home_m, strict=True)])
    orders = np.array(list(permutations(range(1, n + 1))))
    way = np.column_stack((np.zeros(len(orders), dtype=np.int64), orders))
    walked_m = distance_m[:, way[:, :-1], way[:, 1:]].sum(axis=2) + home_m[:, way[:, -1]]
    return np.asarray(orders[walked_m.argmin(axis=1)])


def shortest_tour(distance_m: Floats, home_m: Floats) -> list[int]:
    """Return an order of stops 1..n from point 0 that no 2-opt or Or-opt move shortens, within a few % of the best.

    Args:
        distance_m: shape (n + 1, n + 1), from row to column; need not be symmetric.
        home_m: shape (n + 1,), from each point to the end of the tour.
    """
    n = len(home_m) - 1
    # The end becomes point n + 1, so that every move is between two neighbours.
    table = [[*row, home] for row, home in zip(distance_m.tolist(), home_m.tolist(), strict=True)]
    table.append([0.0] * (n + 2))
    way = [*_nearest_next(table, n), n + 1]
    while _reverse_a_stretch(way, table) or _move_a_piece(way, table):
        pass
    return way[1:-1]


def held_karp(distance_m: Floats, home_m: Floats) -> list[int]:
    """Return the exact shortest order of stops 1..n, by dynamic programming over subsets (n up to about 12)."""
    n = len(home_m) - 1
    best = np.full((1 << n, n), np.inf)
    came = np.full((1 << n, n), -1)
    best[1 << np.arange(n), np.arange(n)] = distance_m[0, 1:]
    between = distance_m[1:, 1:]
    for subset in range(1, 1 << n):
        for j in (j for j in range(n) if not subset >> j & 1):
            cost = best[subset] + between[:, j]
            k, grown = int(cost.argmin()), subset | 1 << j
            if cost[k] < best[grown, j]:
                best[grown, j], came[grown, j] = cost[k], k
    subset, last = (1 << n) - 1, int((best[-1] + home_m[1:]).argmin())
    order: list[int] = []
    while last >= 0:
        order.append(last + 1)
        subset, last = subset & ~(1 << last), int(came[subset, last])
    return order[::-1]


def tour_m(order: list[int], distance_m: Floats, home_m: Floats) -> float:
    """Return the length of a tour, from point 0 through the stops to the end."""
    way = [0, *order]
    return float(sum(distance_m[a, b] for a, b in pairwise(way)) + home_m[way[-1]])


def _nearest_next(table: Table, n: int) -> list[int]:
    left, way = list(range(1, n + 1)), [0]
    while left:
        row = table[way[-1]]
        way.append(min(left, key=row.__getitem__))
        left.remove(way[-1])
    return way


def _reverse_a_stretch(way: list[int], table: Table) -> bool:
    """Reverse the first stretch that makes the way shorter (2-opt); return whether there was one."""
    step_m = [table[a][b] for a, b in pairwise(way)]
    ahead = list(accumulate(step_m, initial=0.0))
    back = list(accumulate((table[b][a] for a, b in pairwise(way)), initial=0.0))
    for i in range(1, len(way) - 2):
        from_before, from_first, into_m = table[way[i - 1]], table[way[i]], step_m[i - 1]
        ahead_m, back_m = ahead[i], back[i]
        for j in range(i + 1, len(way) - 1):
            gain = into_m + step_m[j] - from_before[way[j]] - from_first[way[j + 1]]
            if gain + (ahead[j] - ahead_m) - (back[j] - back_m) > 1e-9:
                way[i : j + 1] = way[i : j + 1][::-1]
                return True
    return False


def _move_a_piece(way: list[int], table: Table) -> bool:
    """Move the first piece of up to three stops that makes the way shorter (Or-opt); return whether there was one."""
    to, step_m, n = list(zip(*table, strict=True)), [table[a][b] for a, b in pairwise(way)], len(way)
    for size in (1, 2, 3):
        for i in range(1, n - size):
            before, first, last, after = way[i - 1], way[i], way[i + size - 1], way[i + size]
            from_last, to_first = table[last], to[first]
            freed = table[before][first] + table[last][after] - table[before][after]
            for k in chain(range(i - 1), range(i + size, n - 1)):  # between its neighbours it stands already
                if freed - (to_first[way[k]] + from_last[way[k + 1]] - step_m[k]) > 1e-9:
                    piece, at = way[i : i + size], k + 1 if k < i else k + 1 - size
                    del way[i : i + size]
                    way[at:at] = piece
                    return True
    return False
