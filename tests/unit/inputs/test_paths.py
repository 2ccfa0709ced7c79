"""Recorded paths: what files may say, how positions are snapped to zones, and what is told when they cannot be."""

from pathlib import Path
from typing import Any

import duckdb
import pytest

from storesim.inputs.load import check_files

ZONES = """\
zones:
  - {id: entry, box: [0, 0, 12, 2.5]}
  - {id: West, box: [0, 2.5, 5, 5.5]}
  - {id: east, box: [5, 2.5, 5, 5.5]}
"""
BY_ZONE = "trip,order,zone\na,1,entry\na,2,WEST\na,3,west\na,4,east\nb,1,entry\n"


def with_paths(store: Any, text: str = BY_ZONE, name: str = "paths.csv") -> Any:
    store.change("layout.yaml", "checkouts:", f"{ZONES}checkouts:")
    store.change("scenario.yaml", "products: products.csv", f"products: products.csv\npaths: {name}")
    if text:
        store.write(name, text)
    return store


def test_trips_are_the_zones_passed_under_the_names_of_the_layout(store: Any) -> None:
    """Zones in a row are one passage."""
    scenario = with_paths(store).load()
    assert scenario.paths == (("entry", "West", "east"), ("entry",))
    assert "paths.csv" in {source.path.name for source in scenario.sources}


def test_without_a_file_there_are_none(store: Any) -> None:
    assert store.load().paths == ()


TIMES = {
    "seconds": ("30", "4.5", "100"),
    "of the day": ("9:00:02", "09:00:01", "10:00:00"),
    "dates": ("2026-01-31 14:03:27", "2026-01-31 14:03:26", "2026-02-01 00:00:00"),
}


@pytest.mark.parametrize("times", TIMES.values(), ids=TIMES)
def test_rows_come_in_the_order_of_time_whatever_the_order_of_lines(store: Any, times: tuple[str, str, str]) -> None:
    rows = [f"a,{time},{zone}" for time, zone in zip(times, ("west", "entry", "east"), strict=True)]
    text = "\n".join(["trip,time,zone", *rows, ""])
    assert with_paths(store, text).load().paths == (("entry", "West", "east"),)


# Measured positions. Furniture of the small store: G1 stands on x 2 to 3, y 3 to 7; the floor is 12 x 8 m.

POSITIONS = """\
trip,time,x,y
a,0,1,-0.9
a,1,1,4
a,2,2.4,4
a,3,7,7.5
a,4,10.5,7.5
a,5,11.5,7.5
a,6,14,4
b,0,0,-5
"""


def test_positions_go_to_the_zone_that_holds_them_and_those_far_off_are_listed(store: Any) -> None:
    """0.9 m beyond the wall is the entry still; inside G1 is before it; at x = 10.5 the east is near, at 11.5 not."""
    scenario = with_paths(store, POSITIONS).load()
    assert scenario.paths == (("entry", "West", "east"),)
    (told,) = (warning for warning in scenario.warnings if "positions" in warning)
    assert told == (
        "paths.csv: 3 of 8 positions are left out: 2 more than 1 m outside the floor (lines 8, 9); "
        "1 more than 1 m from any zone (line 7)"
    )


def test_positions_deep_inside_furniture_are_listed(store: Any) -> None:
    store.change("layout.yaml", "box: [2, 3, 1, 4]", "box: [1, 3, 3, 4]")
    scenario = with_paths(store, "trip,order,x,y\na,1,2.5,5\na,2,1.5,5\n").load()
    assert scenario.paths == (("West",),)
    assert any("1 of 2 positions" in told and "1 more than 1 m inside furniture (line 2)" in told
               for told in scenario.warnings)  # fmt: skip


CENTIMETRES = """\
layout: centimetres
units: cm
floor: {size: [1200, 800]}
doors: [{id: main, at: [100, 0]}]
checkouts: [{id: till, kind: cashier, lanes: 1, box: [800, 100, 200, 100], queue: north, exit: south}]
zones: [{id: west, box: [0, 300, 500, 500]}]
fixtures: [{id: G1, kind: gondola, box: [200, 300, 100, 400], faces: [west, east], bay: 100, levels: 2}]
"""


def test_positions_are_in_the_units_of_the_layout(store: Any) -> None:
    """100 by 400 cm is in the west; 100 by 400 m would be far off."""
    store.write("centimetres.yaml", CENTIMETRES)
    store.write("coffee.csv", "product,fixture,face,bays,levels,metres,facings,share\ncoffee,G1,west,1,,1,,\n")
    store.change("scenario.yaml", "layout: layout.yaml\n    planogram: planogram.csv",
                 "layout: centimetres.yaml\n    planogram: coffee.csv")  # fmt: skip
    store.change("scenario.yaml", "products: products.csv", "products: products.csv\npaths: paths.csv")
    store.write("paths.csv", "trip,order,x,y\na,1,100,400\n")
    assert store.load().paths == (("west",),)


def test_parquet_says_the_same_as_csv(store: Any) -> None:
    Path("as.csv").write_text(BY_ZONE, encoding="utf-8")
    duckdb.sql("COPY (SELECT * FROM 'as.csv') TO 'paths [1].parquet'")
    assert with_paths(store, "", "paths [1].parquet").load().paths == (("entry", "West", "east"), ("entry",))


def test_a_parquet_file_that_is_none_is_told(store: Any) -> None:
    (told,) = with_paths(store, "trip,order,zone\n", "paths.parquet").mistakes()
    assert told == "paths.parquet:1:1: cannot be read as Parquet; export it again, or as CSV"


MISTAKES = {
    "no such zone": ("trip,order,zone\na,1,wset\na,2,wset\n", "2:3: zone 'wset' is not in layout 'small';"),
    "no order": ("trip,zone\na,west\n", "1:1: the order of a trip's rows must be said in one way;"),
    "two orders": ("trip,order,time,zone\na,1,1,west\n", "1:1: the order of a trip's rows must be said in one way;"),
    "nowhere": ("trip,order\na,1\n", "1:1: where a customer was must be said in one way;"),
    "two places": ("trip,order,zone,x,y\na,1,west,1,1\n", "1:1: where a customer was must be said in one way;"),
    "half a place": ("trip,order,x\na,1,1\n", "1:1: where a customer was must be said in one way;"),
    "no number": ("trip,order,x,y\na,1,1,here\n", "2:4: 'y' is 'here'; write a number"),
    "empty": ("trip,order,x,y\na,1,,1\n", "2:3: 'x' is empty; fill it in"),
    "nobody": ("trip,order,zone\n,1,west\n", "2:1: 'trip' is empty; fill it in"),
    "no time": ("trip,time,zone\na,noon,west\n", "2:2: 'time' is 'noon'; write seconds, 14:03:27 or 2026-01-31"),
    "no rows": ("trip,order,zone\n", "1:1: there is a header and nothing below it;"),
    "endless": (
        "trip,order,zone\n" + "".join(f"a,{i},{('west', 'east')[i % 2]}\n" for i in range(301)),
        "2:1: trip 'a' passes 301 zones;",
    ),
}


@pytest.mark.parametrize(("text", "message"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_are_told_with_their_place(store: Any, text: str, message: str) -> None:
    (found,) = with_paths(store, text).mistakes()
    assert found.startswith(f"paths.csv:{message}")


def test_a_layout_without_zones_cannot_have_paths(store: Any) -> None:
    store.change("scenario.yaml", "products: products.csv", "products: products.csv\npaths: paths.csv")
    store.write("paths.csv", BY_ZONE)
    assert store.mistakes() == ["paths.csv:1:1: layout 'small' has no zones for paths to lead through; draw some"]


def test_walking_as_observed_needs_paths(store: Any) -> None:
    store.change("segments.yaml", "route: perimeter", "route: observed")
    (told,) = store.mistakes()
    assert told.startswith("segments.yaml:3:31: route 'observed' needs recorded trips; add paths: FILE")
    assert with_paths(store).mistakes() == []


def test_a_variant_without_some_zones_is_warned_of(store: Any) -> None:
    with_paths(store)
    text = Path("layout.yaml").read_text(encoding="utf-8")
    store.write("less.yaml", text.replace("id: West", "id: left"))
    store.add_to_other("layout: less.yaml")
    (told,) = (warning for warning in store.load().warnings if "recorded" in warning)
    assert told == "variant 'other' has no zone 'West': recorded trips are walked without it there"


def test_a_file_of_paths_is_checked_by_itself(store: Any) -> None:
    store.write("paths.csv", "trip,order,x,y\na,first,1,1\n")
    (found,) = check_files((Path("paths.csv"),))
    assert str(found) == "paths.csv:2:2: 'order' is 'first'; write a number"
