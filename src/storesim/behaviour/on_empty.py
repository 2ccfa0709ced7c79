"""In front of an empty shelf: another item instead, another day, or none."""

from collections.abc import Sequence

from storesim.inputs.operations import OnEmpty

SUBSTITUTES, POSTPONES, LEAVES = range(3)


def on_empty(u: float, rules: OnEmpty) -> int:
    """Return what a customer does, by inversion of one uniform.

    Of shoppers who met a stock-out 45 % took another item (26 % another brand, 19 % another of the same brand), 15 %
    bought later, and 40 % elsewhere or not at all (Corsten & Gruen 2003, from memory).
    """
    if u < rules.substitute:
        return SUBSTITUTES
    return POSTPONES if u < rules.substitute + rules.postpone else LEAVES


def instead(u: float, rivals: Sequence[tuple[int, float]]) -> int:
    """Return one of (product, share of what its group sells), in proportion to the shares; -1: there is none.

    `u` is uniform on 0..1 among those who substitute.
    """
    left = u * sum(share for _, share in rivals)
    for product, share in rivals:
        left -= share
        if left < 0:
            return product
    return rivals[-1][0] if rivals else -1
