"""Observed against simulated, on paper: hours, basket size, penetration, pairs, spend."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, MultipleLocator
from numpy.typing import NDArray

from storesim.calibrate.against import PAIRS, Baskets
from storesim.calibrate.fit import Fit
from storesim.report.figure_files import new_figure, save, styled

Array = NDArray[np.float64]
SIZE_IN = (5.5, 3.6)
OBSERVED, SIMULATED = "#333333", "#0072B2"
Draw = Callable[[Axes, Baskets, Baskets, int], None]


def draw_all(fit: Fit, folder: Path, least: int) -> tuple[Path, ...]:
    """Write the figures, the fitted weeks as observed; what fewer than `least` baskets show is left out."""
    return tuple(_write(folder / name, draw, fit, least) for name, draw in FIGURES.items())


def _write(path: Path, draw: Draw, fit: Fit, least: int) -> Path:
    figure = new_figure(*SIZE_IN)
    with styled():
        axes = figure.add_axes((0.13, 0.15, 0.84, 0.8))
        draw(axes, fit.fitted, fit.played, least)
        axes.spines[["top", "right"]].set_visible(False)
    return save(figure, path)


def _shares(counts: Array, least: int) -> Array:
    return np.where(counts >= least, counts / counts.sum(), np.nan)


def _both(axes: Axes, x: Array, one: Array, other: Array, least: int) -> None:
    axes.plot(x, 100 * _shares(one, least), "o-", color=OBSERVED, markersize=3, linewidth=0.8, label="observed")
    axes.plot(x, 100 * _shares(other, 0), "s--", color=SIMULATED, markersize=3, linewidth=0.8, label="simulated")
    axes.set_ylabel("baskets, %")
    axes.legend(frameon=False)


def _hours(axes: Axes, one: Baskets, other: Baskets, least: int) -> None:
    open_hours = np.flatnonzero(one.hours + other.hours)
    shown = slice(open_hours.min(), open_hours.max() + 1) if len(open_hours) else slice(None)
    _both(axes, np.arange(24.0)[shown], one.hours[shown], other.hours[shown], least)
    axes.xaxis.set_major_locator(MultipleLocator(2))
    axes.set_xlabel("hour in which it was paid")


def _sizes(axes: Axes, one: Baskets, other: Baskets, least: int) -> None:
    longest = max(int((one.sizes >= least).sum()), 1)
    sizes = [np.pad(each.sizes, (0, max(0, longest - len(each.sizes)))) for each in (one, other)]
    _both(axes, np.arange(1.0, longest + 1), sizes[0][:longest], sizes[1][:longest], least)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.set_xlabel("different products in the basket")


def _spends(axes: Axes, one: Baskets, other: Baskets, least: int) -> None:
    _both(axes, np.arange(1.0, len(one.spends) + 1), one.spends, other.spends, least)
    axes.set_xlabel("spend, in steps of a fortieth of the 95 % quantile; the last is open")


def _scatter(axes: Axes, one: Array, other: Array, what: str) -> None:
    top = 1.1 * float(max(one.max(), other.max()))
    axes.plot([0, top], [0, top], color="#AAAAAA", linewidth=0.8)
    axes.plot(one, other, "o", color=SIMULATED, markersize=3, alpha=0.6)
    axes.set_xlabel(f"observed share of baskets with {what}, %")
    axes.set_ylabel("simulated, %")


def _penetration(axes: Axes, one: Baskets, other: Baskets, least: int) -> None:
    known = one.with_product >= least
    shares = [100 * each.with_product[known] / each.baskets for each in (one, other)]
    _scatter(axes, shares[0], shares[1], "a product")


def _pairs(axes: Axes, one: Baskets, other: Baskets, least: int) -> None:
    top = [pair for pair in np.argsort(-one.with_pair, kind="stable")[:PAIRS] if one.with_pair[pair] >= least]
    if top:
        shares = [100 * each.with_pair[top] / each.baskets for each in (one, other)]
        _scatter(axes, shares[0], shares[1], "both of a frequent pair")
    else:
        axes.set_axis_off()
        axes.text(0.5, 0.5, f"no pair is in {least:,} baskets", ha="center", transform=axes.transAxes)


FIGURES: dict[str, Draw] = {
    "hours": _hours, "basket_size": _sizes, "penetration": _penetration, "pairs": _pairs, "spend": _spends,
}  # fmt: skip
