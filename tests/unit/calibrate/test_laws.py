"""Planted laws come back from a made-up point of sale, and no number that rests on few customers leaves it."""

import csv
import json
import sys
from pathlib import Path

import duckdb
import numpy as np
import pytest

from storesim.calibrate.arrivals import fit_arrivals, shortest_window
from storesim.calibrate.baskets import basket_law, fit_baskets
from storesim.calibrate.effects import fit_effects
from storesim.calibrate.laws import fit_laws
from storesim.calibrate.missions import _names, fit_missions
from storesim.calibrate.needs import MissingPartError, sklearn
from storesim.calibrate.privacy import covered, runs
from storesim.calibrate.propensities import fit_propensities, make_offer
from storesim.calibrate.written import write
from storesim.inputs.mistakes import Mistakes
from storesim.inputs.parameters import Parameters
from storesim.inputs.products import read_products
from storesim.inputs.segments import read_segments

from .pos import SHARES, made


@pytest.fixture(scope="module")
def db() -> duckdb.DuckDBPyConnection:
    made_up = made()
    make_offer(made_up)
    fit_missions(made_up)
    return made_up


def scalar(db: duckdb.DuckDBPyConnection, query: str) -> object:
    return db.execute(query).fetchone()[0]


def test_planted_missions_come_back(db: duckdb.DuckDBPyConnection) -> None:
    found = dict(db.execute("SELECT mission, count(*) / sum(count(*)) OVER () FROM basket GROUP BY mission").fetchall())
    assert len(found) == 3
    by_kind = dict(db.execute("SELECT split_part(basket, '-', 2), mode(mission) FROM basket GROUP BY 1").fetchall())
    for kind, share in SHARES.items():
        assert found[by_kind[kind]] == pytest.approx(share, abs=0.02)
    assert by_kind["snack"] == "quick grocery"
    assert by_kind["drug"] == "quick drug"


def test_the_seed_draws_the_sample_on_which_missions_are_found() -> None:
    made_up = made()
    make_offer(made_up)
    first, again, other = (fit_missions(made_up, seed=seed).silhouettes for seed in (1, 1, 2))
    assert first == pytest.approx(again, rel=1e-9)
    assert first.keys() == other.keys()
    assert max(abs(first[k] - other[k]) for k in first) > 1e-6


def test_names_do_not_depend_on_the_order_in_which_clusters_were_found() -> None:
    features = ("log units", "log spend", "log categories", "share of food", "share of drug")
    centres = np.array([[0.5, 1, 0.4, 0.9, 0.1], [0.6, 1, 0.5, 0.1, 0.9], [3, 4, 2.9, 0.6, 0.2], [2, 3, 1.8, 0.6, 0.2]])
    names = _names(centres, features)
    assert names == ("quick food", "quick drug", "stock-up", "fill-in")
    assert _names(centres[::-1], features) == names[::-1]
    twins = np.vstack([centres[0], centres[0] + 0.01, centres[2]])
    assert (
        sorted(_names(twins, features)) == ["quick drug", "quick food", "stock-up"]
        or len(set(_names(twins, features))) == 3
    )


def test_few_baskets_are_one_mission() -> None:
    small = made(100)
    make_offer(small, least=1)
    assert fit_missions(small).names == ("all visits",)


def test_a_missing_part_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn.cluster", None)
    with pytest.raises(MissingPartError, match=r"pip install 'storesim\[calibrate\]'"):
        sklearn("cluster")


def test_each_mission_comes_at_its_hours(db: duckdb.DuckDBPyConnection) -> None:
    arrivals = fit_arrivals(db)
    np.testing.assert_allclose(arrivals.hours.sum(axis=1), 1)
    np.testing.assert_allclose(arrivals.weekdays.sum(axis=1), 1)
    assert arrivals.hours[arrivals.missions.index("quick drug"), 18] == pytest.approx(1)
    assert arrivals.visits_per_day == pytest.approx(4000 / 28)
    assert (arrivals.opening_hours, arrivals.visits_outside) == ((9, 19), 0)
    said = fit_arrivals(db, opening_hours=(10, 24))
    assert (said.opening_hours, said.visits_outside) == ((10, 24), said.by_hour[9])


OPEN = np.full(15, 100)
"""Visits in each hour from 7 to 22."""


@pytest.mark.parametrize(
    ("before", "within", "after", "hours"),
    [
        (0, OPEN, 0, (7, 22)),
        (1, OPEN, 5, (7, 22)),  # who pays after closing makes no opening hour
        (0, OPEN, 10, (7, 23)),  # too many visits to be left out
        (1, OPEN * [1, 0, 0, *[1] * 12], 0, (7, 22)),  # closed over noon, or nearly
        (1, np.linspace(2, 100, 15, dtype=int), 0, (6, 22)),  # a thin hour beside hours as thin is open
    ],
)
def test_opening_hours_hold_nearly_all_visits(
    before: int, within: np.ndarray, after: int, hours: tuple[int, int]
) -> None:
    assert shortest_window(np.array([*[0] * 6, before, *within, after, 0])) == hours


def test_a_store_with_a_thin_night_is_open_day_and_night() -> None:
    night, day = np.array([45, 43, 24, 14, 19, 53]), np.full(18, 540)
    assert shortest_window(np.concatenate([night, day])) == (0, 24)


def test_basket_laws_add_up_and_have_the_mean_of_the_penetrations(db: duckdb.DuckDBPyConnection) -> None:
    laws, _ = fit_baskets(db)
    propensities = fit_propensities(db)
    for law, penetration in zip(laws, propensities.penetration, strict=True):
        assert law.written.sum() == pytest.approx(1)
        mean = law.observed @ np.arange(1, len(law.observed) + 1)
        assert mean == pytest.approx(penetration.sum(), rel=0.04)  # merged cells move some between missions


def test_the_formula_is_written_where_it_fits_and_only_there() -> None:
    number = np.arange(1, 40)
    geometric = basket_law("a", 1e4 * 0.7**number)
    assert geometric.uses_formula
    assert geometric.size == pytest.approx(1, abs=0.1)
    two_humps = basket_law("b", np.where((number == 2) | (number == 30), 500.0, 1.0))
    assert not two_humps.uses_formula
    assert two_humps.written is two_humps.observed
    assert "observed" in two_humps.why


def test_a_basket_law_of_one_size_stays_within_its_bounds() -> None:
    law = basket_law("a", np.array([100.0]))
    assert law.written == pytest.approx([1.0])
    assert np.isfinite([law.mean, law.size]).all()


def test_penetrations_units_and_prices_are_those_of_the_data(db: duckdb.DuckDBPyConnection) -> None:
    law = fit_propensities(db)
    seen = db.execute("""
        SELECT product, count(DISTINCT basket) / 4000, sum(net_sales) / sum(quantity),
               sum(quantity) / count(DISTINCT basket)
        FROM clean GROUP BY product ORDER BY 2 DESC, 1""").fetchall()
    names, penetration, price, units = zip(*seen, strict=True)
    assert law.products == names
    np.testing.assert_allclose(law.overall, penetration)
    np.testing.assert_allclose(law.price, price)
    np.testing.assert_allclose(law.units, units)
    assert law.regular_price == pytest.approx(2.5)


def test_rare_products_are_merged_and_counted() -> None:
    db = made(2000)
    db.execute("UPDATE clean SET product = 'odd ' || product WHERE department = 'produce' AND basket LIKE '1%0-%'")
    withheld = make_offer(db)
    names = {name for (name,) in db.execute("SELECT DISTINCT name FROM offer").fetchall()}
    assert "other produce" in names
    assert not any(name and name.startswith("odd") for name in names)
    assert withheld[0].cells == 10
    people = "SELECT count(DISTINCT coalesce(customer, basket)) AS n FROM sale GROUP BY product"
    fewest = scalar(db, f"SELECT min(n) FROM ({people})")  # noqa: S608
    assert fewest >= 50


def test_what_nobody_may_know_is_left_out() -> None:
    db = made(60, customers=20)
    withheld = make_offer(db, least=1000)
    assert scalar(db, "SELECT count(*) FROM sale") == 0
    assert withheld[-1].instead == "left out"


def test_spellings_of_a_product_are_one() -> None:
    db = made(300)
    db.execute("UPDATE clean SET product = '  ' || upper(replace(product, ' ', '  ')) WHERE \"row\" % 2 = 0")
    make_offer(db, least=1)
    assert scalar(db, "SELECT count(DISTINCT name) FROM offer") == 38


def test_cells_of_few_people_are_merged_smallest_first_within_their_column() -> None:
    counts = np.array([[90.0, 40, 0], [8.0, 60, 3], [2.0, 70, 0]])
    people = np.array([[80.0, 40, 0], [8.0, 50, 3], [2.0, 60, 0]])
    table, merged = covered(counts, people, 10)
    np.testing.assert_allclose(table[:, 0].sum(), 100)
    assert table[1, 0] / table[2, 0] == pytest.approx(71 / 72)
    assert merged[:, 0].tolist() == [False, True, True]
    assert not merged[:, 1].any()
    assert table[:, 2].tolist() == [0, 0, 0]


def test_neighbours_are_pooled_until_enough_people_are_together() -> None:
    assert runs(np.array([60.0, 30, 30, 10, 5]), 50).tolist() == [0, 1, 1, 1, 1]
    assert runs(np.array([1.0, 2]), 50).tolist() == [0, 0]


def test_files_load_and_two_runs_write_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(fit_laws(made()), tmp_path / name)
    for path in sorted((tmp_path / "one").iterdir()):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()
    mistakes, warnings = Mistakes(), []
    people = read_segments(tmp_path / "one/segments.yaml", mistakes, warnings)
    catalogue = read_products(tmp_path / "one/products.csv", people.used, Parameters(), mistakes, warnings)
    assert (len(mistakes), warnings) == (0, [])
    assert len(catalogue.products) == 38


def test_every_column_of_products_says_where_it_comes_from(tmp_path: Path) -> None:
    write(fit_laws(made()), tmp_path)
    with (tmp_path / "products.csv").open() as lines:
        columns = set(next(csv.reader(lines)))
    sources = json.loads((tmp_path / "calibration.json").read_text())["files"]["products.csv"]
    assert columns == {name for key in sources for name in key.split(", ")}
    assert {source["status"] for source in sources.values()} == {"observed", "assumed"}


def test_no_customer_or_basket_is_named_in_any_file(tmp_path: Path) -> None:
    db = made()
    db.execute("UPDATE clean SET customer = 'secret-' || customer, basket = 'till-' || basket")
    for path in write(fit_laws(db), tmp_path):
        text = path.read_text()
        assert "secret-" not in text
        assert "till-" not in text


def weekly(stores: int, seed: int = 3, weeks: int = 52) -> duckdb.DuckDBPyConnection:
    """Weeks of sales in `clean` and displays in `promotion`: elasticity -2, lift 1.3, mailers do nothing."""
    rng = np.random.default_rng(seed)
    db = duckdb.connect(config={"threads": 2})
    product, week, store = (part.ravel() for part in np.indices((8, weeks, stores)))
    price = np.exp(rng.normal(0.7, 0.15, (8, weeks)))[product, week]
    display = rng.random(len(product)) < 0.3
    busy = rng.normal(0, 0.2, weeks)
    rate = (800 / stores) * np.exp(busy[week] - 2 * (np.log(price) - 0.7) + np.log(1.3) * display)
    units = rng.poisson(rate).astype(float)
    day = [f"2025-01-{6:02d}"] * len(product)
    db.execute(
        "CREATE TABLE cell AS SELECT unnest(?) p, unnest(?) w, unnest(?) s, unnest(?) price, unnest(?) display, "
        "unnest(?) units, unnest(?)::DATE AS first",
        [product.tolist(), week.tolist(), store.tolist(), price.tolist(), display.tolist(), units.tolist(), day],
    )
    db.execute("""
        CREATE TABLE clean AS SELECT 0 AS "row", 'b' || p || '-' || w || '-' || s AS basket,
               (first + (w * 7)::INT + (p % 7)::INT)::TIMESTAMP AS t, 'product ' || p AS product, 'all' AS department,
               units AS quantity, units * price AS net_sales, NULL::DOUBLE AS regular_price, 'store ' || s AS store,
               NULL::VARCHAR AS customer FROM cell WHERE units > 0""")
    db.execute("""
        CREATE TABLE promotion AS SELECT 'product ' || p AS item, 'store ' || s AS store,
               (first + (w * 7)::INT)::DATE AS week, display, false AS mailer FROM cell""")
    make_offer(db, least=1)
    return db


@pytest.mark.parametrize("stores", [1, 6])
def test_planted_elasticity_and_lift_come_back_from_rows(stores: int) -> None:
    db = weekly(stores)
    products = [f"product {n}" for n in range(8)]
    effects = fit_effects(db, products, ["all"] * 8)
    assert effects.between_stores == (stores > 1)
    assert effects.elasticities == pytest.approx(-2, abs=0.15)
    assert effects.lifts == pytest.approx(1.3, abs=0.05)
    value, error = effects.placebo
    assert abs(value) < max(3 * error, 0.02)


def test_without_promotions_or_price_changes_nothing_is_claimed() -> None:
    db = weekly(1, weeks=20)
    db.execute("DROP TABLE promotion")
    db.execute("UPDATE clean SET net_sales = 2 * quantity")
    effects = fit_effects(db, [f"product {n}" for n in range(8)], ["all"] * 8)
    assert effects.elasticities is None
    assert effects.lifts is None
    assert effects.placebo is None
