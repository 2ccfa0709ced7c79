"""A small market and a run directory of it, made by hand: figures must not need a simulation."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from storesim.inputs.floor_plan import (
    Bay,
    Checkout,
    Door,
    Face,
    Fixture,
    FloorPlan,
    Link,
    Obstacle,
    Outline,
    Walkway,
    Zone,
)

NORMALS = {"west": (-1.0, 0.0), "east": (1.0, 0.0), "south": (0.0, -1.0), "north": (0.0, 1.0)}
RESPONSES = {
    "sales": ("USD", 30_000.0),
    "margin": ("USD", 9_000.0),
    "dwell_s": ("s", 240.0),
    "walked_m": ("m", 180.0),
    "wait_s": ("s", 75.0),
}
VERDICTS = ("higher", "lower", "same", "undecided")


def box(x: float, y: float, wide: float, deep: float) -> Outline:
    return ((x, y), (x + wide, y), (x + wide, y + deep), (x, y + deep))


def fixture(name: str, kind: str, outline: Outline, faces: tuple[str, ...]) -> Fixture:
    (x0, y0), _, (x1, y1), _ = outline
    edges = {
        "west": ((x0, y1), (x0, y0)),
        "east": ((x1, y0), (x1, y1)),
        "south": ((x0, y0), (x1, y0)),
        "north": ((x1, y1), (x0, y1)),
    }
    long = {"west": y1 - y0, "east": y1 - y0, "south": x1 - x0, "north": x1 - x0}
    return Fixture(
        name,
        kind,
        5,
        1.8,
        tuple(Face(face, (Bay(1, long[face], *edges[face]),), NORMALS[face]) for face in faces),
        outline,
    )


def market(name: str = "Market, grid", shift_m: float = 0.0) -> FloorPlan:
    """A floor of 44 m by 32 m; `shift_m` moves the gondolas east."""
    fixtures = []
    for i in range(6):
        x = 5 + 4.2 * i + shift_m
        fixtures += [
            fixture(f"G{i + 1}", "gondola", box(x, 9, 1.2, 12), ("west", "east")),
            fixture(f"G{i + 1}-south", "end_cap", box(x, 8.4, 1.2, 0.6), ("south",)),
            fixture(f"G{i + 1}-north", "end_cap", box(x, 21, 1.2, 0.6), ("north",)),
        ]
    fixtures += [
        fixture("dairy", "multideck", box(6, 31, 20, 1), ("south",)),
        fixture("bread wall", "wall", box(0, 12, 0.8, 10), ("east",)),
        fixture("T1", "table", box(38, 5, 1.5, 1.5), ("south", "north")),
        fixture("F1", "freezer", box(33, 24, 8, 1.4), ("south", "north")),
    ]
    zones = (
        Zone("produce", "Fruit and vegetables", "department", box(32, 4, 12, 9), 108),
        Zone("grocery", "Dry grocery", "department", box(4, 8, 26, 14), 364),
        Zone("dairy", "Dairy and chilled convenience", "department", box(5, 27, 22, 5), 110),
        Zone("bakery", "Bread", "department", box(0, 11, 3, 12), 36),
        Zone("frozen", "Frozen food", "department", box(32, 22, 11, 6), 66),
        Zone("entry", "Entrance", "entrance", box(37, 0, 7, 3), 21),
    )
    checkouts = (
        Checkout("staffed", "cashier", 6, box(17, 1, 11, 3), (22.5, 4.6), (22.5, 0.5)),
        Checkout("self", "self_service", 1, box(10, 1, 6, 3), (13, 4.6), (13, 0.5)),
    )
    return FloorPlan(
        name,
        zones,
        (Door("main", "both", (40, 0), 3), Door("side", "out", (0, 5), 2)),
        tuple(fixtures),
        checkouts,
        outline=box(0, 0, 44, 32),
        obstacles=(Obstacle("pillar", box(31, 15, 0.5, 0.5)),),
        walkways=(Walkway(box(30.2, 25, 1.6, 5), None), Walkway(box(2, 24, 1.6, 5), (0.0, 1.0))),
    )


def schematic() -> FloorPlan:
    """A kiosk written as a graph."""
    zones = tuple(Zone(name, name.title(), "department") for name in ("entry", "drinks", "snacks", "tills"))
    links = (
        Link("entry", "drinks", 6),
        Link("drinks", "snacks", 4),
        Link("snacks", "tills", 5),
        Link("tills", "entry", 3, one_way=True),
    )
    shelf = Fixture("D1", "wall", 5, 2.0, (Face("front", (Bay(1, 2.0),)),), zone="drinks")
    return FloorPlan(
        "Kiosk",
        zones,
        (Door("main", "both", zone="entry"),),
        (shelf,),
        (Checkout("till", "cashier", 1, zone="tills"),),
        links=links,
    )


def summary_table(variants: list[str]) -> pd.DataFrame:
    """The differences of made-up responses: some clear, some not."""
    rows = []
    for v, variant in enumerate(variants):
        for r, (response, (unit, mean)) in enumerate(RESPONSES.items()):
            percent = 0.0 if v == 0 else (-1) ** (r + v) * (1 + r) * 1.5
            half = 0.0 if v == 0 else mean * 0.02
            difference = mean * percent / 100
            rows.append(
                {
                    "variant": variant,
                    "response": response,
                    "unit": unit,
                    "mean": mean + difference,
                    "half_width": mean * 0.01,
                    "difference": difference,
                    "diff_low": difference - half,
                    "diff_high": difference + half,
                    "diff_percent": percent,
                    "verdict": "same" if v == 0 else VERDICTS[(r + v) % 4],
                }
            )
    return pd.DataFrame(rows)


def zones_table(plans: dict[str, FloorPlan]) -> pd.DataFrame:
    rng = np.random.default_rng(1)
    rows = [
        {"variant": variant, "zone": zone.id, "area_m2": zone.area_m2, "visits": rng.uniform(50, 2000),
         "dwell_s": rng.uniform(5, 90), "sales_per_m2": rng.uniform(1, 60)}
        for variant, plan in plans.items() for zone in plan.zones
    ]  # fmt: skip
    return pd.DataFrame(rows)


def flow_table(plans: dict[str, FloorPlan]) -> pd.DataFrame:
    """Visits that fade with the distance from the entrance, on cells of half a metre."""
    xs, ys = np.meshgrid(np.arange(0.25, 44, 0.5), np.arange(0.25, 32, 0.5), indexing="ij")
    tables = []
    for number, variant in enumerate(plans):
        visits = 900 * np.exp(-np.hypot(xs - 40 + 4 * number, ys) / 15)
        table = {
            "variant": variant,
            "x_m": xs.ravel(),
            "y_m": ys.ravel(),
            "visits": visits.ravel(),
            "dwell_s": 2 * visits.ravel(),
        }
        tables.append(pd.DataFrame(table))
    return pd.concat(tables, ignore_index=True)


@dataclass(frozen=True)
class Made:
    """Tables as a run would write them."""

    summary: Callable[[list[str]], pd.DataFrame] = summary_table
    zones: Callable[[dict[str, FloorPlan]], pd.DataFrame] = zones_table
    flow: Callable[[dict[str, FloorPlan]], pd.DataFrame] = flow_table


@pytest.fixture
def made() -> Made:
    return Made()


@pytest.fixture
def plan() -> FloorPlan:
    return market()


@pytest.fixture
def plans() -> dict[str, FloorPlan]:
    return {"grid": market(), "moved east": market("Market, moved", 1.0), "cola at the door": market()}


@pytest.fixture
def kiosk() -> FloorPlan:
    return schematic()


@pytest.fixture
def run_path(tmp_path: Path, plans: dict[str, FloorPlan]) -> Path:
    """A run directory with tables only."""
    (tmp_path / "manifest.json").write_text(json.dumps({"status": "done", "scenario": "market.yaml"}))
    summary_table(list(plans)).to_csv(tmp_path / "summary.csv", index=False)
    zones_table(plans).to_csv(tmp_path / "zones.csv", index=False)
    flow_table(plans).to_csv(tmp_path / "flow.csv", index=False)
    return tmp_path
