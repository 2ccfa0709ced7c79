"""Why people come: baskets of a kind, found by k-means on how big they are and what is in them."""

from dataclasses import dataclass

import duckdb
import numpy as np
from numpy.typing import NDArray

from storesim.calibrate.needs import sklearn, threadpoolctl

Array = NDArray[np.float64]
DEPARTMENTS = 8
"""Departments whose shares of the basket count at most, the biggest ones."""
LEAST_DEPARTMENT = 0.05
"""Share of the lines below which a department is too small to tell missions apart (assumed)."""
TYPICAL_PRODUCTS = 2.0
"""Products of the typical mix added to each basket before departments are compared (assumed)."""
DEPARTMENT_WEIGHT = 0.7
"""Of a department's share against one measure of size (assumed): with 1 missions are who has the department at all, and
then baskets with any of it are more than what draws within a mission can give; with 0.5 planted missions merge."""
SAMPLE = 20_000
JUDGED = 3_000
"""Baskets of the sample on which silhouettes are taken: their cost is quadratic."""
MOST = 8
LEAST_SHARE = 0.05
"""Share of baskets below which a cluster is a curiosity and no mission."""
REASONABLE = 0.5
"""Silhouette from which on a structure is reasonable (Kaufman & Rousseeuw 1990)."""
AS_GOOD = 0.01
"""Silhouettes that differ by less are equally good: about two standard errors on the sample."""
FEWEST_BASKETS = 200
QUICK, STOCK_UP = 0.5, 1.75
"""Mean categories over those of all baskets: up to here a visit is quick, from there on a stock-up (assumed)."""
SIZES = 3
"""The first features are measures of size, the others shares of departments."""
SHARE = "share of "
ONE = "all visits"


@dataclass(frozen=True)
class Missions:
    """Missions (m), in the order of their names, and how their number k was chosen."""

    names: tuple[str, ...]
    share: Array
    """Share of baskets, shape (m,)."""

    units: Array
    """Mean units in a basket, shape (m,)."""

    categories: Array
    """Mean number of different products in a basket, shape (m,)."""

    spend: Array
    """Mean net sales of a basket, in the currency of the data, shape (m,)."""

    silhouettes: dict[int, float]
    """k -> mean silhouette width on the sample."""


@dataclass(frozen=True)
class Clusters:
    """Centres in the plain measure of the features, which were standardised."""

    centres: Array
    """Shape (k, features)."""

    scale: Array
    """What a feature is divided by before distances are taken, shape (features,)."""

    silhouettes: dict[int, float]


def fit_missions(db: duckdb.DuckDBPyConnection, most: int = MOST, seed: int = 1) -> Missions:
    """Make table `basket` (basket, t, store, customer, units, spend, categories, mission); return the missions.

    Hour and weekday are left out of the features on purpose: with them the clusters are parts of the day, not
    purposes; when each mission comes is told by its own arrival law. `seed` draws the sample and starts k-means.
    """
    features = _make_features(db)
    sample = _sample(db, features, seed)
    clusters = _cluster(sample, most, seed) if len(sample) >= FEWEST_BASKETS else _one(sample)
    names = _names(clusters.centres, features)
    _assign(db, features, clusters, names)
    return _summary(db, clusters)


def _make_features(db: duckdb.DuckDBPyConnection) -> tuple[str, ...]:
    """Make table `feature`, a row a basket; return its columns of features.

    Departments' shares of the basket are shrunk to those of all lines, (n_d + 2 m_d) / (n + 2): baskets of one product
    would otherwise be as far apart as anything, and cut the quick trips by what the one product happened to be.
    """
    biggest = db.execute(
        "SELECT department, count(*) / sum(count(*)) OVER () FROM sale GROUP BY department ORDER BY 2 DESC, 1"
    ).fetchall()
    departments = tuple(str(name) for name, share in biggest[:DEPARTMENTS] if share >= LEAST_DEPARTMENT)
    shares = ", ".join(
        f"(count(*) FILTER (department = {_text(str(name))}) + {TYPICAL_PRODUCTS * share!r}) "
        f"/ (count(*) + {TYPICAL_PRODUCTS!r}) AS {_column(SHARE + str(name))}"
        for name, share in biggest
        if name in departments
    )
    db.execute(f"""
        CREATE OR REPLACE TABLE feature AS
        SELECT basket, min(t) AS t, any_value(store) AS store, any_value(customer) AS customer, sum(units) AS units,
               sum(spend) AS spend, count(*) AS categories,
               ln(greatest(sum(units), 1)) AS "log units", ln(greatest(sum(spend), 0.1)) AS "log spend",
               ln(count(*)) AS "log categories", {shares}
        FROM (SELECT basket, product, any_value(department) AS department, min(t) AS t, any_value(store) AS store,
                     any_value(customer) AS customer, sum(quantity) AS units, round(sum(net_sales), 4) AS spend
              FROM sale GROUP BY basket, product)
        GROUP BY basket""")
    return ("log units", "log spend", "log categories", *(SHARE + name for name in departments))


def _text(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _column(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _sample(db: duckdb.DuckDBPyConnection, features: tuple[str, ...], seed: int) -> Array:
    """Return the features of some baskets, the same every time, shape (at most SAMPLE, features)."""
    columns = ", ".join(map(_column, features))
    drawn = f"md5(concat_ws('|', {seed}, basket))"
    rows = db.execute(f"SELECT {columns} FROM feature ORDER BY {drawn} LIMIT {SAMPLE}").fetchnumpy()
    return np.column_stack([np.asarray(rows[name], dtype=float) for name in features])


def _cluster(sample: Array, most: int, seed: int) -> Clusters:
    """Return the clusters of the biggest k whose silhouette is as good as the best.

    Of equally good ones the finer tells more. Two clusters are always the small and the big baskets: they are taken
    only where their silhouette calls that structure reasonable. A k with a cluster of few baskets is not taken.
    """
    scale = np.maximum(sample.std(axis=0), 1e-9)
    scale[SIZES:] /= DEPARTMENT_WEIGHT
    points = sample / scale
    found = {k: _k_means(points, k, seed) for k in range(2, min(most, len(sample) // FEWEST_BASKETS + 1) + 1)}
    silhouettes = {k: silhouette for k, (_, _, silhouette) in found.items()}
    fit = [k for k, (_, smallest, value) in found.items() if smallest >= LEAST_SHARE and (k > 2 or value > REASONABLE)]
    highest = max((silhouettes[k] for k in fit), default=0.0)
    best = max((k for k in fit if silhouettes[k] >= highest - AS_GOOD), default=2)
    return Clusters(np.round(found[best][0] * scale, 6), scale, silhouettes)


def _one(sample: Array) -> Clusters:
    return Clusters(sample.mean(axis=0, keepdims=True), np.ones(sample.shape[1]), {})


def _k_means(points: Array, k: int, seed: int) -> tuple[Array, float, float]:
    """Return centres (k, features), the share of the smallest cluster, and the silhouette."""
    with threadpoolctl().threadpool_limits(1):  # sums in one order: equal bytes every time
        model = sklearn("cluster").KMeans(k, n_init=5, random_state=seed % 2**32).fit(points)
        labels = model.labels_[:JUDGED]
        varied = len(np.unique(labels)) > 1
        silhouette = float(sklearn("metrics").silhouette_score(points[:JUDGED], labels)) if varied else -1.0
    return model.cluster_centers_, float(np.bincount(model.labels_, minlength=k).min() / len(points)), silhouette


def _names(centres: Array, features: tuple[str, ...]) -> tuple[str, ...]:
    """Return plain names: how big, and, where several missions are as big, the department that stands out.

    Names follow from the centres alone, so that the order in which clusters were found does not matter.
    """
    if len(centres) == 1:
        return (ONE,)
    categories = np.exp(centres[:, 2])
    relative = categories / categories.mean()
    sizes = ["quick" if r <= QUICK else "stock-up" if r >= STOCK_UP else "fill-in" for r in relative]
    shares = centres[:, SIZES:] - centres[:, SIZES:].mean(axis=0)
    leading = [features[SIZES + int(np.argmax(own))].removeprefix(SHARE) for own in shares]
    names = [size if sizes.count(size) == 1 else f"{size} {what}" for size, what in zip(sizes, leading, strict=True)]
    final = list(names)
    for name in set(names):
        alike = sorted((i for i, other in enumerate(names) if other == name), key=lambda i: centres[i].tolist())
        for place, cluster in enumerate(alike[1:], start=2):
            final[cluster] = f"{name} {place}"
    return tuple(final)


def _assign(
    db: duckdb.DuckDBPyConnection, features: tuple[str, ...], clusters: Clusters, names: tuple[str, ...]
) -> None:
    """Make table `basket`: each basket has the mission of the nearest centre. It is one query, in bounded memory."""
    order = sorted(range(len(names)), key=lambda cluster: names[cluster])
    away = [
        " + ".join(
            f"power(({_column(name)} - {float(centre)!r}) / {float(scale)!r}, 2)"
            for name, centre, scale in zip(features, clusters.centres[cluster], clusters.scale, strict=True)
        )
        for cluster in order
    ]
    listed = ", ".join(_text(names[cluster]) for cluster in order)
    db.execute(f"""
        CREATE OR REPLACE TABLE basket AS
        SELECT basket, t, store, customer, units, spend, categories,
               [{listed}][list_position(away, list_min(away))] AS mission
        FROM (SELECT *, [{", ".join(away)}] AS away FROM feature)""")
    db.execute("DROP TABLE feature")


def _summary(db: duckdb.DuckDBPyConnection, clusters: Clusters) -> Missions:
    rows = db.execute("""
        SELECT mission, count(*) AS n, avg(units) AS units, avg(categories) AS categories, avg(spend) AS spend
        FROM basket GROUP BY mission ORDER BY mission""").fetchnumpy()
    count = np.asarray(rows["n"], dtype=float)
    units, categories, spend = (np.asarray(rows[name], dtype=float) for name in ("units", "categories", "spend"))
    return Missions(
        tuple(map(str, rows["mission"])), count / count.sum(), units, categories, spend, clusters.silhouettes
    )
