"""What calibration found, section by section: the same tables on the screen and in report.md."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from storesim.calibrate.against import BARS, differences
from storesim.calibrate.cleaning import Cleaned
from storesim.calibrate.customers import LAPSED_WEEKS, NEW_WEEKS, Customers
from storesim.calibrate.displays import BAR, Displayed
from storesim.calibrate.effects import Effect
from storesim.calibrate.extract import Pos
from storesim.calibrate.fit import Fit
from storesim.calibrate.paths import Estimate
from storesim.calibrate.solved import Matched, Walking
from storesim.calibrate.written import Calibrated

MOST_LISTED = 20


@dataclass(frozen=True)
class Section:
    """A heading, sentences, and perhaps a table."""

    title: str
    words: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def markdown(sections: Sequence[Section]) -> str:
    """Return report.md."""
    parts = ["# Calibration"]
    for section in sections:
        parts.append(f"## {section.title}")
        if section.rows:
            lines = (section.columns, ("---",) * len(section.columns), *section.rows)
            parts.append("\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in lines))
        parts += [f"- {line}" for line in section.words]
    return "\n\n".join(parts) + "\n"


def columns_section(pos: Pos) -> Section:
    """Say which column was taken for what, and how the file was read."""
    words = list(pos.notes)
    if pos.columns.unused:
        words.append(f"Not used: {', '.join(pos.columns.unused)}.")
    if pos.blank:
        words.append(f"{pos.blank:,} empty lines.")
    if pos.unreadable:
        words.append(f"{pos.unreadable:,} rows cannot be read and are left out:")
        words += [str(row) for row in pos.bad_rows[:MOST_LISTED]]
    return Section("Columns", tuple(words), ("what", "column", "why"), pos.columns.table())


def cleaning_section(cleaned: Cleaned, forgotten: int) -> Section:
    """Say what was left out or changed, and why."""
    rows = [
        (rule.name, rule.action, f"{rule.lines:,}", f"{rule.net_sales:,.2f}", rule.reason)
        for rule in cleaned.rules
        if rule.lines
    ]
    left = f"{cleaned.lines:,} of {cleaned.lines_before:,} lines and {cleaned.baskets:,} of {cleaned.baskets_before:,}"
    words = [f"{left} baskets are left.", cleaned.clock.why, *cleaned.notes]
    if cleaned.off_floor:
        words.append("Not shop floor: " + ", ".join(f"{name} ({kind})" for _, name, kind in cleaned.off_floor) + ".")
    if forgotten:
        words.append(f"{forgotten:,} lines are of customers without consent: they count as guests'.")
    return Section("Cleaning", tuple(words), ("rule", "action", "lines", "net sales", "reason"), tuple(rows))


def missions_section(calibrated: Calibrated) -> Section:
    """Say why people come."""
    found = calibrated.missions
    rows = tuple(
        (name, f"{share:.1%}", f"{units:.1f}", f"{categories:.1f}", f"{spend:.2f}", law.why)
        for name, share, units, categories, spend, law in zip(
            found.names, found.share, found.units, found.categories, found.spend, calibrated.baskets, strict=True
        )
    )
    opens, closes = calibrated.arrivals.opening_hours
    widths = ", ".join(f"{k}: {value:.2f}" for k, value in found.silhouettes.items())
    words = [
        f"Silhouette by number of missions: {widths}." if widths else "Too few baskets to tell missions apart.",
        f"The store {'is' if calibrated.arrivals.hours_said else 'seems'} open from {opens}:00 to {closes}:00; "
        f"{calibrated.arrivals.visits_per_day:,.1f} visits a day and store are in the data (fewer than came, where the "
        "data are a sample or a panel).",
    ]
    if outside := calibrated.arrivals.visits_outside:
        words.append(f"{outside:,} visits ({outside / calibrated.arrivals.visits:.2%}) are outside these hours.")
    return Section("Missions", tuple(words), ("mission", "visits", "units", "products", "spend", "basket law"), rows)


def effects_section(calibrated: Calibrated) -> Section:
    """Say what prices and displays do."""
    effects = calibrated.effects
    words = [
        f"Price elasticity: {_pooled(effects.elasticity)}" if effects.elasticity else
        "Price elasticity: prices do not vary enough; the assumed default is written.",
        f"Log of the display lift: {_pooled(effects.log_lift)}" if effects.log_lift else
        "Display lift: no displays are known (--promotions); the assumed default is written.",
    ]  # fmt: skip
    if effects.placebo:
        value, error = effects.placebo
        words.append(f"Placebo, log lift of next week's display: {value:+.3f} ± {error:.3f} (standard error).")
    return Section("Effects", tuple(words))


def _pooled(effect: Effect) -> str:
    measured = int(np.isfinite(effect.measured).sum())
    low, high = np.quantile(effect.shrunk, [0.1, 0.9])
    return (
        f"{effect.pooled:.3f} ± {effect.pooled_error:.3f} (standard error) over {measured} products measured; shrunk "
        f"to department means, eight in ten products lie between {low:.2f} and {high:.2f}."
    )


def customers_section(calibrated: Calibrated) -> Section:
    """Say who comes, and what was merged because too few customers were behind it."""
    found = calibrated.customers
    withheld = [str(entry) for entry in calibrated.all_withheld]
    rows = tuple(
        (tier.name, f"{tier.customers:,}", f"{tier.visits_per_week:.2f}", f"{tier.spend_per_week:.2f}",
         f"{tier.recency_days:.0f}", f"{tier.sales_share:.0%}") for tier in found.tiers
    )  # fmt: skip
    columns = ("tier", "customers", "visits a week", "spend a week", "days since last visit", "of their sales")
    rest = [f"Cells under {calibrated.least} customers: " + ("; ".join(withheld) or "none") + "."]
    return Section("Customers", (*_who(found), *rest), columns, rows)


def _who(found: Customers) -> Iterator[str]:
    """Yield how many customers are known, in what stage of life, and what tells the tiers apart; else nothing."""
    if not found.known:
        return
    yield (
        f"{found.known:,} known customers make {found.loyalty_visits:.0%} of visits and {found.loyalty_sales:.0%} of "
        "sales; all other visits are guests'."
    )
    stages = ", ".join(f"{count:,} customers are {stage}" for stage, count in found.lifecycle.items())
    yield (
        f"{stages}. New: the first visit was in the last {NEW_WEEKS} weeks of the data; lapsed: none was in the last "
        f"{LAPSED_WEEKS} weeks; regular: all others."
    )
    yield f"Tiers are {found.tiers_are}."
    if found.explained:
        yield f"Who is in which tier (a decision tree, right for {found.explained.accuracy:.0%} of customers):"
        yield from found.explained.rules


def walking_section(walking: Walking | None) -> Section:
    """Say where the numbers of how people walk are from."""
    if walking is None:
        return Section("Walking", ("No recorded trips (--paths): walking parameters are published or assumed.",))
    fitted = walking.fitted
    recorded, simulated = fitted.zones_a_trip
    words = (
        f"Fitted to {fitted.trips:,} observed trips; all other walking parameters are published or assumed.",
        f"Trips pass {recorded:.1f} zones as observed, and {simulated:.1f} as simulated with what was fitted.",
        *walking.notes,
    )
    return Section("Walking", words, ("parameter", "value", "± (standard error)", "source"),
                   tuple(map(_estimate, fitted.estimates)))  # fmt: skip


def _estimate(one: Estimate) -> tuple[str, ...]:
    if not one.told:
        return one.name, f"{one.value:.3g}", "", "not told by these trips: as in the scenario"
    source = "observed; the last of the values tried" if one.at_edge else "observed"
    return one.name, f"{one.value:.3g}", f"{one.standard_error:.2g}", source


def store_section(fit: Fit, displays: Displayed | None) -> Section:
    """Say how the simulated store compares with the data, and with the bars."""
    rows = list(_difference_rows(fit))
    if displays:
        rows.append(("units on display by product, WAPE", "", f"{displays.off:.1%}", f"{displays.off_without:.1%}",
                     f"{BAR:.0%}", _verdict(displays.off <= BAR)))  # fmt: skip
    rounds = ", ".join(f"{off:.1%}" for off in fit.solved.convergence)
    moved = sum(row.excess > 0 for row in fit.solved.conversions)
    words = [
        f"{fit.played.baskets:,} simulated baskets against {fit.fitted.baskets:,} fitted"
        + (f" and {fit.held_out.baskets:,} held out." if fit.held_out else "."),
        f"Penetrations are off, round by round of solving conversions: {rounds} (the last on fresh days).",
        f"{moved} products sell more than noticing them explains; the rest of theirs is now planned.",
        "'No change' compares the fitted weeks with the held-out weeks: what a perfect copy of the past would score"
        + (f"; for displays, without lift and price ({displays.rows:,} rows on display)." if displays else "."),
        *homes(fit.matched),
    ]
    return Section("Observed against simulated", tuple(words),
                   ("measure", "fitted weeks", "held out", "no change", "bar", "verdict"), tuple(rows))  # fmt: skip


def _difference_rows(fit: Fit) -> Iterator[tuple[str, ...]]:
    fitted = differences(fit.fitted, fit.played)
    held = differences(fit.held_out, fit.played) if fit.held_out else {}
    copy = differences(fit.held_out, fit.fitted) if fit.held_out else {}
    for name, (bar, held_bar) in BARS.items():
        kept = fitted[name] <= bar and (name not in held or name == SPEND or held[name] <= held_bar)
        bars = _number(name, bar) if bar == held_bar or not held else f"{_number(name, bar)}, {_number(name, held_bar)}"
        cells = (_number(name, values[name]) if values else "" for values in (fitted, held, copy))
        yield (name, *cells, bars, _verdict(kept))


SPEND = "mean spend, difference"
"""Its bar is for the fitted weeks: people spend more or less in other seasons."""


def _number(name: str, value: float) -> str:
    return f"{value:.1%}" if "WAPE" in name or "spend" in name else f"{value:.3f}"


def _verdict(kept: bool) -> str:
    return "met" if kept else "missed"


def homes(matched: Matched) -> Iterator[str]:
    """Say what stands nowhere, and what stands somewhere and is not in the data."""
    if matched.no_home:
        yield (
            f"{len(matched.no_home)} products of the data ({matched.purchases_without_home:.1%} of purchases) stand "
            f"nowhere in the planogram and are not compared: {_few(matched.no_home)}."
        )
    if matched.no_data:
        yield f"{len(matched.no_data)} products of the planogram are not in the data: {_few(matched.no_data)}."


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_LISTED} more" if len(names) > MOST_LISTED else ""
    return ", ".join(names[:MOST_LISTED]) + more
