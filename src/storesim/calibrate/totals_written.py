"""A store made from weekly totals, as files that a scenario reads, with where each number comes from."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from storesim.calibrate.totals import Array, Category, Totals
from storesim.inputs.products import ASSUMED_COST_SHARE
from storesim.results.write import write_csv

HEAD = """\
# Who comes, and why: missions, their hours, weekdays and mix are PUBLISHED (Complete Journey sample, dunnhumby), not
# your store's; how many categories a basket of each holds follows from your totals. All else has storesim's defaults.

"""


def write_totals(totals: Totals, folder: Path) -> tuple[Path, ...]:
    """Write products.csv, segments.yaml, its three laws and calibration.json; equal totals give equal bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {"products.csv": product_rows(totals), **law_tables(totals)}
    for name, rows in tables.items():
        write_csv(folder / name, list(rows[0]), [list(row.values()) for row in rows])
    texts = {
        "segments.yaml": HEAD + yaml.safe_dump(segments(totals), sort_keys=False, allow_unicode=True, width=120),
        "calibration.json": json.dumps(provenance(totals), indent=1, ensure_ascii=False, allow_nan=False) + "\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    return tuple(folder / name for name in (*tables, *texts))


def product_rows(totals: Totals) -> list[dict[str, str]]:
    """Return the rows of products.csv, biggest penetration first."""
    order = np.argsort(-(totals.shapes.share @ totals.penetration), kind="stable")
    return [_product_row(totals, totals.categories[i], totals.penetration[:, i]) for i in order]


def _product_row(totals: Totals, category: Category, penetration: Array) -> dict[str, str]:
    row = {
        "id": category.name,
        "category": category.name,
        "department": category.department,
        "price": f"{category.price:.10g}",
        "unit_cost": f"{ASSUMED_COST_SHARE * category.price:.4f}",
        "units": f"{category.units:.4f}",
        "impulse_share": f"{category.impulse_share:.3f}",
        "price_elasticity": f"{category.elasticity:.3f}",
        "display_lift": f"{category.lift:.3f}",
    }
    missions = zip(totals.shapes.missions, penetration, strict=True)
    return row | {f"penetration: {mission.name}": f"{p:.6f}" for mission, p in missions}


def law_tables(totals: Totals) -> Mapping[str, list[dict[str, str]]]:
    """Return file -> rows of the three laws of the missions."""
    missions = totals.shapes.missions
    laws: Mapping[str, tuple[str, int, Sequence[Sequence[float] | Array]]] = {
        "hours.csv": ("hour", 0, [mission.hours for mission in missions]),
        "weekdays.csv": ("weekday", 0, [mission.weekdays for mission in missions]),
        "basket_categories.csv": ("categories", 1, totals.baskets),
    }
    return {
        file: [
            {index: str(first + i)} | {m.name: f"{law[i]:.6f}" for m, law in zip(missions, numbers, strict=True)}
            for i in range(len(numbers[0]))
        ]
        for file, (index, first, numbers) in laws.items()
    }


def segments(totals: Totals) -> dict[str, Any]:
    """Return segments.yaml: one segment with the published mix of missions."""
    names = [mission.name for mission in totals.shapes.missions]
    shares = [round(float(share), 6) for share in totals.shapes.share]
    shares[0] = round(1 - sum(shares[1:]), 6)
    laws = {"hours": "hours.csv", "weekdays": "weekdays.csv", "basket": "basket_categories.csv"}
    everybody = {"share": 1.0, "tier": "guest", "missions": dict(zip(names, shares, strict=True))}
    return {"segments": {"everybody": everybody}, "missions": {name: dict(laws) for name in names}}


def provenance(totals: Totals) -> dict[str, Any]:
    """Return where every number comes from: observed (your totals), published or assumed."""
    published = "Complete Journey sample, dunnhumby, by way of the example market"
    return {
        "format": 1,
        "from": "weekly totals",
        "visits_per_week": totals.visits_per_week,
        "categories_per_visit": round(float(totals.shapes.share @ totals.penetration.sum(axis=1)), 4),
        "nothing_published_of": list(totals.unpublished),
        "files": {
            "products.csv": {
                "id, category, department, price": _source("observed", "as in the totals"),
                "penetration": _source(
                    "observed, spread as published",
                    "units ÷ (visits × units of who buys) over all missions; over missions by the published odds",
                ),
                "units, price_elasticity, display_lift": _source(
                    "published", f"{published}: of the like-named products, else the mean of all, or the defaults"
                ),
                "impulse_share, unit_cost": _source("assumed", "the example market's, and 70 % of the price"),
            },
            "hours.csv, weekdays.csv": _source("published", published),
            "basket_categories.csv": _source(
                "published", "dispersion of the published baskets, with the mean that the penetrations add up to"
            ),
            "segments.yaml": _source("published", f"mix of missions: {published}; all else assumed"),
        },
    }


def _source(status: str, how: str) -> dict[str, str]:
    return {"status": status, "how": how}
