"""Everything that was learnt, as files that a scenario reads, with where each number comes from."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from storesim.calibrate.arrivals import Arrivals
from storesim.calibrate.baskets import BasketLaw
from storesim.calibrate.customers import EVERYBODY, GUESTS, Customers
from storesim.calibrate.effects import HIGHEST_ELASTICITY, LEAST_LIFT, Effect, Effects
from storesim.calibrate.missions import Missions
from storesim.calibrate.names_file import Facts
from storesim.calibrate.privacy import LEAST, Withheld
from storesim.calibrate.propensities import Propensities
from storesim.inputs.products import ASSUMED_ELASTICITY, ASSUMED_LIFT, PENETRATION

Array = NDArray[np.float64]
Entry = dict[str, Any]
FORMAT = 1


@dataclass(frozen=True)
class Assumed:
    """What no transaction tells; to be replaced by the user's own numbers."""

    margin: float = 0.3
    """Share of the price that is not unit cost."""

    impulse_share: float = 0.4
    """Share of purchases that were not planned; published shares run from 0.2 to 0.6 by definition."""

    facts: Mapping[str, Facts] = field(default_factory=dict)
    """Product -> what the user says instead."""


@dataclass(frozen=True)
class Calibrated:
    """All laws of one extract."""

    missions: Missions
    arrivals: Arrivals
    baskets: tuple[BasketLaw, ...]
    propensities: Propensities
    effects: Effects
    customers: Customers
    tastes: Mapping[str, float] = field(default_factory=dict)
    """Department -> how much customers differ in it: standard deviation of the log of a customer's factor."""

    withheld: tuple[Withheld, ...] = ()
    """By making the offer and the basket laws; the others name their own."""

    assumed: Assumed = Assumed()
    least: int = LEAST

    @property
    def all_withheld(self) -> tuple[Withheld, ...]:
        """Everything that was merged or left out because too few customers were behind it."""
        return (*self.withheld, *self.arrivals.withheld, *self.propensities.withheld, *self.customers.withheld)


def write(calibrated: Calibrated, folder: Path) -> tuple[Path, ...]:
    """Write products.csv, segments.yaml, its three laws and calibration.json; equal laws give equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {
        "calibration.json": json.dumps(provenance(calibrated), indent=1, ensure_ascii=False, allow_nan=False) + "\n",
        "segments.yaml": segments_text(calibrated),
    }
    tables = {
        "products.csv": product_rows(calibrated),
        "hours.csv": _law_rows("hour", 0, calibrated.arrivals.hours, calibrated.arrivals.all_hours, calibrated),
        "weekdays.csv": _law_rows(
            "weekday", 0, calibrated.arrivals.weekdays, calibrated.arrivals.all_weekdays, calibrated
        ),
        "basket_categories.csv": _basket_rows(calibrated),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    for name, rows in tables.items():
        _write_csv(folder / name, rows)
    return tuple(folder / name for name in (*tables, *texts))


def product_rows(calibrated: Calibrated) -> list[dict[str, str]]:
    """Return the rows of products.csv, biggest penetration first."""
    law, assumed = calibrated.propensities, calibrated.assumed
    elasticities, lifts = _elasticities(calibrated), _lifts(calibrated)
    rows = []
    for place, (product, department) in enumerate(zip(law.products, law.departments, strict=True)):
        facts = assumed.facts.get(product, Facts())
        margin = assumed.margin if facts.margin is None else facts.margin
        impulse = assumed.impulse_share if facts.impulse_share is None else facts.impulse_share
        row = {
            "id": product,
            "name": product.capitalize(),
            "category": facts.category or product,
            "department": department,
            "price": f"{max(law.price[place], 0.01):.2f}",
            "unit_cost": f"{law.price[place] * (1 - margin):.3f}",
            "units": f"{law.units[place]:.3f}",
            "impulse_share": f"{impulse:.3f}",
            "price_elasticity": f"{elasticities[place]:.3f}",
            "display_lift": f"{lifts[place]:.3f}",
        }
        row |= {f"{PENETRATION}{mission}": f"{law.penetration[m, place]:.5f}" for m, mission in enumerate(law.missions)}
        rows.append(row)
    return rows


def _elasticities(calibrated: Calibrated) -> Array:
    found = calibrated.effects.elasticities
    return np.full(len(calibrated.propensities.products), ASSUMED_ELASTICITY) if found is None else found


def _lifts(calibrated: Calibrated) -> Array:
    found = calibrated.effects.lifts
    return np.full(len(calibrated.propensities.products), ASSUMED_LIFT) if found is None else found


def _law_rows(index: str, first: int, laws: Array, everybody: Array, calibrated: Calibrated) -> list[dict[str, str]]:
    columns = dict(zip(calibrated.arrivals.missions, laws, strict=True)) | {"all": everybody}
    return [
        {index: str(first + place)} | {name: f"{law[place]:.5f}" for name, law in columns.items()}
        for place in range(len(everybody))
    ]


def _basket_rows(calibrated: Calibrated) -> list[dict[str, str]]:
    longest = max(len(law.written) for law in calibrated.baskets)
    laws = {law.mission: np.pad(law.written, (0, longest - len(law.written))) for law in calibrated.baskets}
    return [
        {"categories": str(place + 1)} | {name: f"{law[place]:.6f}" for name, law in laws.items()}
        for place in range(longest)
    ]


def segments_text(calibrated: Calibrated) -> str:
    """Return segments.yaml: who comes and why are observed, how they walk and pay is left to the defaults."""
    segments = {
        segment.name: {
            "share": share,
            "tier": "guest" if segment.name in (GUESTS, EVERYBODY) else segment.name,
            "missions": dict(zip(segment.missions, _rounded(list(segment.missions.values())), strict=True)),
        }
        for segment, share in zip(
            calibrated.customers.segments,
            _rounded([segment.share for segment in calibrated.customers.segments]),
            strict=True,
        )
    }
    laws = {"hours": "hours.csv", "weekdays": "weekdays.csv", "basket": "basket_categories.csv"}
    file: dict[str, Any] = {"segments": segments, "missions": {name: dict(laws) for name in calibrated.missions.names}}
    if calibrated.tastes:
        file["tastes"] = {f"department {name}": sd for name, sd in calibrated.tastes.items()}
    head = (
        "# Who comes, and why: observed (see calibration.json). Speed, knowledge of the store, slack, patience and\n"
        "# the way they walk are not in transactions: they have storesim's defaults, published or assumed.\n\n"
    )
    return head + yaml.safe_dump(file, sort_keys=False, allow_unicode=True, width=120)


def _rounded(shares: Sequence[float]) -> list[float]:
    """Return shares with four decimals that add up to 1: the biggest takes what rounding leaves."""
    short = [round(share, 4) for share in shares]
    short[short.index(max(short))] += 1 - sum(short)
    return [round(share, 4) for share in short]


def provenance(calibrated: Calibrated) -> dict[str, Any]:
    """Return where every number comes from: observed, published or assumed, with counts and standard errors."""
    arrivals, customers = calibrated.arrivals, calibrated.customers
    return {
        "format": FORMAT,
        "visits": arrivals.visits,
        "days": arrivals.days,
        "stores": arrivals.stores,
        "visits_per_day": _short(arrivals.visits_per_day),
        "opening_hours_said" if arrivals.hours_said else "opening_hours_guessed": list(arrivals.opening_hours),
        "visits_outside_opening_hours": arrivals.visits_outside,
        "least_customers": calibrated.least,
        "withheld": [str(entry) for entry in calibrated.all_withheld],
        "missions": _missions(calibrated.missions),
        "basket_laws": [_basket(law) for law in calibrated.baskets],
        "customers": {
            "known": customers.known,
            "share_of_visits": _short(customers.loyalty_visits),
            "share_of_sales": _short(customers.loyalty_sales),
            "tiers_are": customers.tiers_are,
            "tiers": [{key: _short(value) for key, value in asdict(tier).items()} for tier in customers.tiers],
            "lifecycle": customers.lifecycle,
            "tiers_in_words": list(customers.explained.rules) if customers.explained else [],
            "tree_accuracy": _short(customers.explained.accuracy) if customers.explained else None,
        },
        "files": {
            "products.csv": _product_sources(calibrated),
            "hours.csv": _source("observed", "share of a mission's visits in each hour, local time", arrivals.visits),
            "weekdays.csv": _source("observed", "share of a mission's visits on each weekday", arrivals.visits),
            "basket_categories.csv": _source(
                "observed" if all(law.solved is None for law in calibrated.baskets) else "solved",
                "see basket_laws",
                arrivals.visits,
            ),
            "segments.yaml": {
                "share, missions": _source("observed", "visits by tier and mission", arrivals.visits),
                "tastes": _source("observed", "so that as many baskets have anything of a department", arrivals.visits),
                "all others": _source("assumed", "storesim's defaults: not in transactions"),
            },
        },
    }


def _missions(missions: Missions) -> dict[str, Any]:
    keys = ("share", "units", "categories", "spend")
    columns = zip(missions.names, missions.share, missions.units, missions.categories, missions.spend, strict=True)
    return {
        "silhouette_by_k": {str(k): _short(value) for k, value in missions.silhouettes.items()},
        "found": [
            {"mission": name} | {key: _short(value) for key, value in zip(keys, values, strict=True)}
            for name, *values in columns
        ],
    }  # fmt: skip


def _basket(law: BasketLaw) -> dict[str, Any]:
    return {
        "mission": law.mission, "n": law.baskets, "written": law.why, "ks": _short(law.ks), "mean": _short(law.mean),
        "size": _short(law.size),
    }  # fmt: skip


def _product_sources(calibrated: Calibrated) -> dict[str, Entry]:
    law, effects, assumed = calibrated.propensities, calibrated.effects, calibrated.assumed
    by_product = {
        "price": _source("observed", "mean price paid for a unit", law.bought, law.price_se, law.products),
        "units": _source("observed", "mean units in a basket with it", law.bought, law.units_se, law.products),
    }
    penetrations = {f"{PENETRATION}{mission}": _penetration_source(law, m) for m, mission in enumerate(law.missions)}
    said = "; where the table of names says otherwise, that" if assumed.facts else ""
    return {
        "id, name, category, department": _source("observed", "as in the data or in the table of names"),
        **by_product,
        "unit_cost": _source("assumed", f"price × (1 − margin), margin {assumed.margin:.0%}{said}"),
        "impulse_share": _source("assumed", f"{assumed.impulse_share:g}; published: 0.2 to 0.6, by definition{said}"),
        "price_elasticity": _effect_source(
            effects.elasticity, law.products, f"at most {HIGHEST_ELASTICITY:g}", f"{ASSUMED_ELASTICITY:g}"
        ),
        "display_lift": _effect_source(
            effects.log_lift, law.products, f"exp of this log, at least {LEAST_LIFT:g}", f"{ASSUMED_LIFT:g}"
        )
        | ({} if effects.placebo is None else _placebo(effects)),
        **penetrations,
    }  # fmt: skip


def _placebo(effects: Effects) -> Entry:
    value, error = effects.placebo or (float("nan"), float("nan"))
    what = "stores in the same item-week" if effects.between_stores else "weeks, less what all products did"
    return {"compares": what, "placebo_next_week": {"log_lift": _short(value), "standard_error": _short(error)}}


def _penetration_source(law: Propensities, mission: int) -> Entry:
    p, n = law.penetration[mission], float(law.baskets[mission])
    changed = [product for product, replaced in zip(law.products, law.replaced[mission], strict=True) if replaced]
    error = np.sqrt(p * (1 - p) / n)
    entry = _source("observed", "share of the mission's baskets", None, error, law.products) | {"n": int(n)}
    return entry | {"merged_over_missions": changed} if changed else entry


def _effect_source(effect: Effect | None, products: Sequence[str], bounds: str, assumed: str) -> Entry:
    if effect is None:
        return _source("assumed", assumed)
    rows = zip(
        products, effect.measured, effect.standard_error, effect.weeks, effect.shrunk, effect.shrunk_error, strict=True
    )
    return {
        "status": "observed",
        "how": f"weekly sales, Poisson with fixed effects, shrunk to the department's mean; {bounds}",
        "pooled": {"value": _short(effect.pooled), "standard_error": _short(effect.pooled_error)},
        "products": {
            product: {"shrunk": _short(shrunk), "standard_error": _short(shrunk_error)}
            | ({"measured": _short(value), "measured_error": _short(error), "n": int(n)} if np.isfinite(value)
               else {"measured": "department's mean"})
            for product, value, error, n, shrunk, shrunk_error in rows
        },
    }  # fmt: skip


def _source(
    status: str,
    how: str,
    n: int | NDArray[np.int64] | None = None,
    error: Array | None = None,
    products: Sequence[str] = (),
) -> dict[str, Any]:
    entry: dict[str, Any] = {"status": status, "how": how}
    if n is not None:
        entry["n"] = n if isinstance(n, int) else dict(zip(products, map(int, n), strict=True))
    if error is not None:
        entry["standard_error"] = dict(zip(products, map(_short, error), strict=True))
    return entry


def _short(value: Any) -> Any:
    """Return a number with six significant digits, None for NaN; whatever is no float as it is."""
    if not isinstance(value, float | np.floating):
        return value
    return float(f"{value:.6g}") if np.isfinite(value) else None


def _write_csv(path: Path, rows: Iterable[Mapping[str, str]]) -> None:
    listed = list(rows)
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, list(listed[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(listed)
