"""Weekly sales per category into products and segments, where there are no baskets: shapes are published ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, gammaln, logit

from storesim.calibrate.baskets import basket_law
from storesim.inputs import cells
from storesim.inputs.case import Mission, Product, Scenario
from storesim.inputs.csv_source import Row, read_csv
from storesim.inputs.mistakes import Mistakes, quoted
from storesim.inputs.names import folded
from storesim.inputs.products import ASSUMED_ELASTICITY, ASSUMED_LIFT, LONGEST_ID

Array = NDArray[np.float64]
REQUIRED = ("category", "price")
OPTIONAL = ("sales", "units", "department")
FEWEST_CATEGORIES = 5
LARGEST_SHARE = 0.95
"""Share of visits that a category, and share of the categories that a visit, can have at most."""
ROUNDS = 300
CLOSE = 1e-9


@dataclass(frozen=True)
class Shapes:
    """How a published store's visits differ by mission (m), over its products (p)."""

    missions: tuple[Mission, ...]
    share: Array
    """Share of visits, shape (m,)."""

    products: tuple[Product, ...]
    penetration: Array
    """Shape (m, p)."""

    @classmethod
    def of(cls, scenario: Scenario) -> "Shapes":
        """Return the shapes of a store, such as the example market's: observed in the Complete Journey sample."""
        share = sum(
            s.share * np.array([s.missions.get(m.name, 0.0) for m in scenario.missions]) for s in scenario.segments
        )
        penetration = [[p.penetration.get(m.name, 0.0) for p in scenario.products] for m in scenario.missions]
        return cls(scenario.missions, np.asarray(share), scenario.products, np.array(penetration))

    def alike(self, name: str) -> NDArray[np.int64]:
        """Return the numbers of the products with this id, category or department, whichever fits first; or none."""
        for key in ("id", "category", "department"):
            found = [i for i, product in enumerate(self.products) if folded(getattr(product, key)) == folded(name)]
            if found:
                return np.array(found)
        return np.array([], dtype=np.int64)


@dataclass(frozen=True)
class Category:
    """A category of the user's store, with what is published of its like."""

    name: str
    department: str
    price: float
    weekly_units: float
    units: float
    """Mean units of those who buy: published."""

    elasticity: float
    lift: float
    impulse_share: float
    shape: Array
    """Published share of each mission's visits that buy it, shape (m,)."""

    is_published: bool
    """Whether something of its name is published; if not, the mean of all is taken."""


@dataclass(frozen=True)
class Totals:
    """A store of which weekly sales are known: every number of its products and missions."""

    shapes: Shapes
    categories: tuple[Category, ...]
    visits_per_week: float
    penetration: Array
    """Shape (m, categories): weighted by the missions' shares it sells what the totals say."""

    baskets: tuple[Array, ...]
    """P(1, 2, … categories) of each mission, with the mean that its penetrations add up to."""

    @property
    def weekly_sales(self) -> Array:
        """Expected weekly sales of each category, shape (categories,)."""
        worth = np.array([category.units * category.price for category in self.categories])
        return np.asarray(self.visits_per_week * worth * (self.shapes.share @ self.penetration))

    @property
    def unpublished(self) -> tuple[str, ...]:
        """Categories of which nothing is published."""
        return tuple(category.name for category in self.categories if not category.is_published)


def from_totals(path: Path, visits_per_week: float, shapes: Shapes, mistakes: Mistakes) -> Totals | None:
    """Read weekly sales per category and return the store that sells them; None after adding all that is wrong.

    A category's share of visits that buy is units ÷ (visits × mean units of who buys). How it spreads over the missions
    and how much bigger the baskets of one mission are than another's is published; both are shifted on the log-odds
    scale until categories and missions add up.

    Args:
        path: CSV: category, price, and weekly sales or units; optional department.
        visits_per_week: baskets paid in a week.
        shapes: of the published store.
        mistakes: takes what is wrong.
    """
    before = len(mistakes)
    if not 0 < visits_per_week < float("inf"):
        mistakes.add(path, f"--visits is {visits_per_week:g}; write the number of baskets paid in a week")
    rows = read_csv(path, REQUIRED, OPTIONAL, mistakes)
    if rows is None or len(mistakes) > before:
        return None
    if len(rows) < FEWEST_CATEGORIES:
        mistakes.add(path, f"there are {len(rows)} rows; write one for each category, at least {FEWEST_CATEGORIES}")
    _refuse_twins(rows, mistakes)
    categories = [_category(row, shapes, mistakes) for row in rows]
    for row, category in zip(rows, categories, strict=True):
        _refuse_too_many(row, category, visits_per_week, mistakes)
    if len(mistakes) > before:
        return None
    overall = np.array([c.weekly_units / (visits_per_week * c.units) for c in categories])
    sizes = _sizes(path, overall, shapes, mistakes)
    if sizes is None:
        return None
    penetration = spread(np.array([c.shape for c in categories]).T, shapes.share, overall, sizes)
    sizes = penetration.sum(axis=1)
    if sizes.min() <= 1 or sizes.max() >= len(categories) - 1:
        mistakes.add(path, "no baskets have these totals; split the categories that nearly everybody buys")
        return None
    baskets = tuple(
        _basket(mission, mean, len(categories)) for mission, mean in zip(shapes.missions, sizes, strict=True)
    )
    return Totals(shapes, tuple(categories), visits_per_week, penetration, baskets)


def _refuse_twins(rows: Sequence[Row], mistakes: Mistakes) -> None:
    first: dict[str, Row] = {}
    for row in rows:
        before = first.setdefault(folded(row["category"]), row)
        if before is not row and row["category"]:
            what = f"category {quoted(row['category'])} stands already in line {before.line}; add them up in one"
            mistakes.add(row.mark("category"), what)


def _category(row: Row, shapes: Shapes, mistakes: Mistakes) -> Category:
    for column in REQUIRED:
        cells.needed(row, column, mistakes)
    if len(row["category"]) > LONGEST_ID:
        mistakes.add(row.mark("category"), f"the name is longer than {LONGEST_ID} characters; write a shorter one")
    price = cells.number(row, "price", cells.ABOVE_0, mistakes, 1.0)
    given = [column for column in ("sales", "units") if row[column]]
    if len(given) != 1:
        what = "'sales' and 'units' are both given; keep one" if given else "write weekly 'sales' or 'units'"
        mistakes.add(row.mark(given[-1] if given else "category"), what)
    sales = cells.number(row, "sales", cells.ABOVE_0, mistakes, 0.0)
    units = cells.number(row, "units", cells.ABOVE_0, mistakes, 0.0)
    return _published(row, price, units or sales / price, shapes)


def _published(row: Row, price: float, weekly_units: float, shapes: Shapes) -> Category:
    """Return a category with what is published of the products of its name, else of all products."""
    alike = shapes.alike(row["category"])
    chosen = alike if len(alike) else np.arange(len(shapes.products))
    products = [shapes.products[i] for i in chosen]
    bought = shapes.share @ shapes.penetration[:, chosen]
    any_of = 1 - np.prod(1 - shapes.penetration[:, chosen], axis=1)  # missions: at least one of them, drawn apart
    shape = any_of if len(alike) else shapes.penetration.mean(axis=1)
    units = bought @ [p.units for p in products] / (shapes.share @ any_of if len(alike) else bought.sum())
    return Category(
        name=row["category"],
        department=row["department"] or products[0].department if len(alike) else row["department"] or row["category"],
        price=price,
        weekly_units=weekly_units,
        units=max(1.0, float(units)),
        elasticity=_mean([p.price_elasticity for p in products], bought) if len(alike) else ASSUMED_ELASTICITY,
        lift=_mean([p.display_lift for p in products], bought) if len(alike) else ASSUMED_LIFT,
        impulse_share=_mean([p.impulse_share for p in products], bought),
        shape=np.clip(shape, 1e-6, 1 - 1e-6),
        is_published=bool(len(alike)),
    )


def _mean(values: Sequence[float], weights: Array) -> float:
    return float(np.average(values, weights=weights if weights.sum() > 0 else None))


def _refuse_too_many(row: Row, category: Category, visits: float, mistakes: Mistakes) -> None:
    share = category.weekly_units / (visits * category.units)
    if share > LARGEST_SHARE:
        most = LARGEST_SHARE * visits * category.units
        what = f"{category.weekly_units:,.0f} units a week are more than {visits:,.0f} visits buy"
        remedy = f"at most {most:,.0f} at {category.units:.3g} each; split the category, or mend --visits"
        mistakes.add(row.mark("sales" if row["sales"] else "units"), f"{what}; {remedy}")


def _sizes(path: Path, overall: Array, shapes: Shapes, mistakes: Mistakes) -> Array | None:
    """Return the mean number of categories in the baskets of each mission, shape (m,).

    Every basket has one; what they have beyond is shared out as in the published baskets.
    """
    total, count = float(overall.sum()), len(overall)
    published = np.array([np.arange(1, len(m.basket) + 1) @ m.basket for m in shapes.missions])
    beyond = (published - 1) / float(shapes.share @ (published - 1))
    sizes = 1 + (total - 1) * beyond
    if total <= 1:
        what = f"the totals come to {total:.3g} categories a visit, and a visit that pays has one"
        mistakes.add(path, f"{what}; add the categories that are missing, or mend --visits")
        return None
    if sizes.max() > LARGEST_SHARE * (count - 1):
        what = f"the totals come to {total:.3g} of {count} categories a visit, {sizes.max():.3g} in the biggest baskets"
        mistakes.add(path, f"{what}; split categories into finer ones, or mend --visits")
        return None
    return np.asarray(sizes)


def spread(shape: Array, share: Array, overall: Array, sizes: Array) -> Array:
    """Return penetrations by mission that add up both ways, nearest to a shape on the log-odds scale.

    p = expit(logit(shape) + a_m + b_c), with a and b solved in turn until Σ_m share · p = overall and Σ_c p = sizes.
    Where both cannot be, overall is kept.

    Args:
        shape: published penetrations, in (0, 1), shape (m, c).
        share: of the missions, shape (m,).
        overall: penetration of each category, shape (c,).
        sizes: categories in a basket of each mission, shape (m,); share @ sizes = Σ overall.
    """
    logs = logit(shape)
    for _ in range(ROUNDS):
        logs = logs + _shift(lambda a, logs=logs: expit(logs + a[:, None]).sum(axis=1), sizes)[:, None]
        logs = logs + _shift(lambda b, logs=logs: share @ expit(logs + b), overall)
        if np.abs(expit(logs).sum(axis=1) - sizes).max() < CLOSE:
            break
    return np.asarray(expit(logs))


def _shift(value: Any, wanted: Array) -> Array:
    """Return where each of several growing functions has the value wanted, by bisection."""
    low, high = np.full(len(wanted), -40.0), np.full(len(wanted), 40.0)
    for _ in range(60):
        middle = (low + high) / 2
        above = value(middle) > wanted
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.asarray((low + high) / 2)


def _basket(mission: Mission, mean: float, categories: int) -> Array:
    """Return P(1, 2, … categories) with this mean, as dispersed as the published law of the mission."""
    published = np.array(mission.basket)
    size = basket_law(mission.name, published * 1e6).size
    number = np.arange(1, max(2, categories))
    base = gammaln(number + size) - gammaln(size) - gammaln(number + 1)

    def law(tilt: Array) -> Array:
        logs = base + tilt[0] * number
        p = np.exp(logs - logs.max())
        return np.asarray(p / p.sum())

    return law(_shift(lambda tilt: np.array([law(tilt) @ number]), np.array([mean])))
