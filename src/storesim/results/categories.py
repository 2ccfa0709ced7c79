"""Winners and losers by category, with the step that makes them so, and their space against their sales."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from storesim.inputs.case import Case, Product, Scenario
from storesim.results.divisia import PARTS, Steps, parts
from storesim.results.intervals import half_widths
from storesim.results.sums import group_sums, share
from storesim.results.tables import ProductTable
from storesim.results.write import Cell, text, write_csv

Floats = NDArray[np.float64]
Says = Literal["winner", "loser", "unclear", "unchanged"]
BLOCK = 256
"""Days left out at a time: many days need not stand in memory at once."""
MONEY = ("sales", "margin", "lost_not_found", "lost_queue")
COLUMNS = (
    "variant",
    "category",
    "metres",
    "metres_difference",
    "space_share",
    "sales_share",
    "sales_to_space",
    *(f"{name}{end}" for name in MONEY for end in ("", "_difference", "_low", "_high")),
    "says",
    *(f"by_{part}{end}" for part in PARTS for end in ("", "_low", "_high")),
    "cause",
    "promoted",
)
CAUSES: dict[str, tuple[str, str]] = {
    "exposure": ("more customers have it in view", "fewer customers have it in view"),
    "noticing": ("who has it in view notices it more often", "who has it in view notices it less often"),
    "wanting": ("who notices it wants it more often", "who notices it wants it less often"),
    "taking": ("who wants it leaves with it more often", "who wants it leaves without it more often"),
    "list": ("who comes for it leaves with it more often", "who comes for it leaves without it more often"),
    "units": ("who buys it buys more of it", "who buys it buys less of it"),
    "price": ("it is sold at higher prices", "it is sold at lower prices"),
}


@dataclass(frozen=True, eq=False)
class Categories:
    """One variant's categories in the order of the products file; arrays of shape (categories,), money a day."""

    variant: str
    names: tuple[str, ...]
    metres: Floats
    """Linear shelf metres of all placements, displays of the planogram included."""
    metres_difference: Floats
    space_share: Floats
    sales_share: Floats
    values: Floats
    """Shape (len(MONEY), categories): means."""
    differences: Floats
    half_widths: Floats
    """Shape as `values`: paired differences to the baseline, nan for the baseline; half-widths as in products.csv."""
    parts: Floats
    parts_half_widths: Floats
    """Shape (categories, len(PARTS)): of the difference of sales, see `divisia`; nan for the baseline."""
    promoted: tuple[bool, ...]
    """Whether the variant has a promotion of one of its products that the baseline has not."""

    @property
    def sales_to_space(self) -> Floats:
        """Sales share ÷ space share: above 1 sells more than its shelf; 0 where there is no shelf."""
        return share(self.sales_share, self.space_share)

    def says(self, row: int) -> Says:
        """Return what the interval of a category's sales says; without an interval it is unclear."""
        change, half = self.differences[0, row], self.half_widths[0, row]
        if change == 0 and half == 0:
            return "unchanged"
        if abs(change) > half:
            return "winner" if change > 0 else "loser"
        return "unclear"

    def cause(self, row: int) -> str:
        """Return in words the step that moves a winner or loser most, among those that pull its way; else ''."""
        if self.says(row) not in ("winner", "loser"):
            return ""
        wins = bool(self.differences[0, row] > 0)
        pull = self.parts[row] if wins else -self.parts[row]
        return CAUSES[PARTS[int(pull.argmax())]][0 if wins else 1]


def count_categories(scenario: Scenario, products: Sequence[ProductTable]) -> tuple[Categories, ...]:
    """Return the categories of all variants, the baseline's first.

    Args:
        scenario: tells categories and placements.
        products: each variant's table, stacked: columns of shape (replications, products).
    """
    names = tuple(dict.fromkeys(product.category for product in scenario.products))
    member = _membership(scenario.products, names)
    base = scenario.cases[0], products[0]
    return tuple(
        _count(scenario, names, member, base, (case, table), len(products) - 1 if v else 0)
        for v, (case, table) in enumerate(zip(scenario.cases, products, strict=True))
    )


Played = tuple[Case, ProductTable]


def _count(
    scenario: Scenario, names: tuple[str, ...], member: Floats, base: Played, own: Played, others: int
) -> Categories:
    """Return one variant's categories; `others`: how many variants are compared, 0 for the baseline itself."""
    (case, table), (base_case, base_table) = own, base
    metres, base_metres = (_metres(one, scenario.products) @ member for one in (case, base_case))
    days, base_days = (np.stack([getattr(one, name) @ member for name in MONEY], axis=1) for one in (table, base_table))
    means, paired, unknown = days.mean(axis=0), days - base_days, np.full(days.shape[1:], nan)
    parts_of, parts_half_widths = _taken_apart(base_table, table, member, others)
    return Categories(
        variant=case.name,
        names=names,
        metres=metres,
        metres_difference=metres - base_metres if others else unknown[0],
        space_share=share(metres, metres.sum()),
        sales_share=share(means[0], means[0].sum()),
        values=means,
        differences=paired.mean(axis=0) if others else unknown,
        half_widths=_half_widths(paired, others) if others else unknown,
        parts=parts_of,
        parts_half_widths=parts_half_widths,
        promoted=_promoted(case, scenario, names),
    )


def _membership(products: Sequence[Product], names: Sequence[str]) -> Floats:
    """Return which product is in which category, shape (products, categories)."""
    return np.array([[product.category == name for name in names] for product in products], dtype=np.float64)


def _metres(case: Case, products: Sequence[Product]) -> Floats:
    """Return linear shelf metres of each product, shape (products,)."""
    row = {product.id: i for i, product in enumerate(products)}
    where = [row[placement.product] for placement in case.placements]
    return group_sums(np.array(where, dtype=np.int64), [one.metres for one in case.placements], len(products))


def _half_widths(paired: Floats, others: int) -> Floats:
    """Return half-widths of shape (money, categories) of days of shape (replications, money, categories)."""
    return half_widths(paired.reshape(len(paired), -1), others).reshape(paired.shape[1:])


def _taken_apart(base: ProductTable, table: ProductTable, member: Floats, others: int) -> tuple[Floats, Floats]:
    """Return the parts of the change of sales and their half-widths (jackknife); shapes (categories, parts).

    Every product is taken apart on its means, and the parts are added up. `others` 0: the baseline, all nan.
    """
    shape = member.shape[1], len(PARTS)
    if not others:
        return np.full(shape, nan), np.full(shape, nan)
    before, after = _sums(base), _sums(table)
    n = len(before)
    whole = _parts(before.mean(axis=0), after.mean(axis=0), member)
    if n < 2:
        return whole, np.full(shape, nan)
    blocks = np.array_split(np.arange(n), -(-n // BLOCK))
    totals = before.sum(axis=0), after.sum(axis=0)
    left_out = np.concatenate(
        [_parts((totals[0] - before[days]) / (n - 1), (totals[1] - after[days]) / (n - 1), member) for days in blocks]
    )
    pseudo = n * whole - (n - 1) * left_out
    return whole, half_widths(pseudo.reshape(n, -1), others).reshape(shape)


def _sums(table: ProductTable) -> Floats:
    """Return the steps of each day, shape (replications, steps, products)."""
    names = ("exposed", "noticed", "wanted", "bought", "bought_planned", "units", "sales")
    return np.stack([getattr(table, name) for name in names], axis=1)


def _parts(before: Floats, after: Floats, member: Floats) -> Floats:
    """Return the parts by category, shape (…, categories, parts), of means of shape (…, steps, products)."""
    # Leaving a day out may round below 0.
    early, late = (Steps(*np.moveaxis(np.maximum(means, 0.0), -2, 0)) for means in (before, after))
    return np.asarray(member.T @ parts(early, late))


def _promoted(case: Case, scenario: Scenario, names: Sequence[str]) -> tuple[bool, ...]:
    category = {product.id: product.category for product in scenario.products}
    base = scenario.cases[0].promotions
    ours = {category[promotion.product] for promotion in case.promotions if promotion not in base}
    return tuple(name in ours for name in names)


def write_categories(folder: Path, found: Sequence[Categories]) -> None:
    """Write categories.csv: one row a variant and category, money a day."""
    write_csv(folder / "categories.csv", COLUMNS, (row for one in found for row in _rows(one)))


def _rows(one: Categories) -> Iterator[list[Cell]]:
    compared = not np.isnan(one.differences).all()
    for k, name in enumerate(one.names):
        row: list[Cell] = [text(one.variant), text(name), one.metres[k], one.metres_difference[k]]
        row += [one.space_share[k], one.sales_share[k], one.sales_to_space[k]]
        for mean, change, half in zip(one.values[:, k], one.differences[:, k], one.half_widths[:, k], strict=True):
            row += [mean, change, change - half, change + half]
        row.append(one.says(k) if compared else "")
        for part, half in zip(one.parts[k], one.parts_half_widths[k], strict=True):
            row += [part, part - half, part + half]
        yield [*row, one.cause(k) if compared else "", one.promoted[k]]
