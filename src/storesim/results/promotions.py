"""Promotions taken apart: what happens to the promoted product, to its category, and to everything else."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from storesim.inputs.case import Case, Product, Scenario
from storesim.results.intervals import Interval, jackknife, mean_interval, two_stage_interval
from storesim.results.precision import first_stages
from storesim.results.tables import ProductTable

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Scope = Literal["own", "category", "rest", "total"]
MEASURES = ("sales", "units", "margin")


@dataclass(frozen=True)
class Effect:
    """What a variant changes in one scope, seen from one promoted product.

    It is the variant's whole difference to the baseline: of several promotions in a variant, each shows that of all
    of them together, divided at its own product. To tell two promotions apart, play each in a variant of its own.
    """

    variant: str
    promotion: str
    """The promoted product; several promotions of a product share one effect."""
    scope: Scope
    """own: the product; category: the others of its category; rest: everything else; total: all together."""
    baseline: tuple[float, ...]
    """Mean of each of MEASURES in the baseline, a day; margin is after funding and set-up costs."""
    difference: tuple[Interval, ...]
    """Paired difference of each of MEASURES to the baseline; intervals hold for all variants together (Bonferroni)."""
    ratio: Interval | None
    """Difference of total sales over that of own sales: 1 where nothing else changes, below 1 where others lose, above
    where they gain. Of scope total only, and None unless the interval of own sales excludes 0 (with one replication
    there is none)."""


def take_apart(scenario: Scenario, products: Sequence[ProductTable]) -> tuple[Effect, ...]:
    """Return the effects of all variants with promotions that the baseline has not.

    Args:
        scenario: tells the promotions and the products' categories.
        products: each variant's table, stacked: columns of shape (replications, products).
    """
    return tuple(
        effect
        for case, table in zip(scenario.cases[1:], products[1:], strict=True)
        for product in promoted(case, scenario.cases[0])
        for effect in _effects(case.name, product, scenario, (products[0], table), len(products) - 1)
    )


def promoted(case: Case, baseline: Case) -> tuple[str, ...]:
    """Return the products of a variant's promotions, each once, without promotions that the baseline has too."""
    return tuple(dict.fromkeys(p.product for p in case.promotions if p not in baseline.promotions))


def _effects(
    variant: str,
    promotion: str,
    scenario: Scenario,
    tables: tuple[ProductTable, ProductTable],
    comparisons: int,
) -> Iterator[Effect]:
    """Yield the effect in each scope; `tables` are the baseline's and the variant's."""
    base, changed = (np.stack([getattr(table, name) for name in MEASURES]) for table in tables)
    paired = changed - base
    scopes, days, stages = _scopes(promotion, scenario.products), paired.shape[1], first_stages(scenario)
    own, total = (paired[0][:, scopes[scope]].sum(axis=1) for scope in ("own", "total"))
    for scope, holds in scopes.items():
        differences = paired[:, :, holds].sum(axis=2)
        yield Effect(
            variant,
            promotion,
            scope,
            baseline=tuple(base[:, :, holds].sum(axis=2).mean(axis=1).tolist()),
            difference=tuple(
                two_stage_interval(values, stages.get(name, days), comparisons)
                for name, values in zip(MEASURES, differences, strict=True)
            ),
            ratio=_ratio(total, own, comparisons) if scope == "total" else None,
        )


def _scopes(promotion: str, products: Sequence[Product]) -> dict[Scope, Bools]:
    """Return the products in each scope, shape (products,); total is the other three together."""
    own = np.array([product.id == promotion for product in products])
    category = next(product.category for product in products if product.id == promotion)
    near = np.array([product.category == category for product in products])
    return {"own": own, "category": near & ~own, "rest": ~near, "total": np.ones(len(products), dtype=np.bool_)}


def _ratio(total: Floats, own: Floats, comparisons: int) -> Interval | None:
    """Return the ratio of two differences, shapes (replications,), or None where the lower one may be 0."""
    lower = mean_interval(own, comparisons)
    if not (lower.low > 0 or lower.high < 0):
        return None
    return jackknife(lambda means: float(means[0] / means[1]), np.stack((total, own), axis=1), comparisons)
