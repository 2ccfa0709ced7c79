"""Who is in which tier, in words: a small decision tree on how customers behave, a sentence a leaf."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

import duckdb
import numpy as np

from storesim.calibrate.needs import sklearn

DEPTH = 3
MOST_TAUGHT = 200_000
BEHAVIOUR: Mapping[str, tuple[str, str]] = {
    "visits_per_week": (".3g", "visits a week"),
    "spend_per_visit": (".2f", "spent a visit"),
    "categories_per_visit": (".3g", "products a visit"),
    "weekend_share": (".0%", "of visits at the weekend"),
    "evening_share": (".0%", "of visits after 17:00"),
}
"""Column of table `customer` -> how its number is written, and what it counts."""

Bounds = Mapping[int, tuple[float, float]]
"""Feature -> above what, and at most what; -inf and inf: no bound."""


@dataclass(frozen=True)
class Explained:
    """The tree in words."""

    rules: tuple[str, ...]
    """A sentence for each leaf; neighbours that name the same tier are one."""

    accuracy: float
    """Share of customers that the tree puts in their tier."""


def explain(db: duckdb.DuckDBPyConnection, least: int, seed: int) -> Explained:
    """Explain the tiers in table `customer`; no sentence is about fewer than `least` customers."""
    names = tuple(BEHAVIOUR)
    drawn = f"md5(concat_ws('|', {seed}, customer))"
    rows = db.execute(
        f"SELECT {', '.join(names)}, tier FROM customer ORDER BY {drawn} LIMIT {MOST_TAUGHT}"
    ).fetchnumpy()
    x = np.column_stack([np.asarray(rows[name], dtype=float) for name in names])
    tier = np.asarray(rows["tier"], dtype=str)
    model = sklearn("tree").DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=least, random_state=seed % 2**32)
    model.fit(x, tier)
    return Explained(tuple(_sentences(model, 0, {})), float((model.predict(x) == tier).mean()))


def _sentences(model: Any, node: int, bounds: Bounds) -> Iterator[str]:
    """Yield a sentence for each part below a node that is put into one tier."""
    tree = model.tree_
    if len(_put_into(model, node)) == 1:
        share = tree.value[node][0] / tree.value[node][0].sum()
        best = int(np.argmax(share))
        yield f"{_where(bounds)}: {model.classes_[best]} ({share[best]:.0%} of {tree.n_node_samples[node]:,} customers)"
        return
    feature, limit = int(tree.feature[node]), float(tree.threshold[node])
    low, high = bounds.get(feature, (-inf, inf))
    yield from _sentences(model, int(tree.children_left[node]), {**bounds, feature: (low, min(high, limit))})
    yield from _sentences(model, int(tree.children_right[node]), {**bounds, feature: (max(low, limit), high)})


def _put_into(model: Any, node: int) -> set[int]:
    """Return the tiers, as numbers, that the leaves below a node name."""
    tree = model.tree_
    if tree.children_left[node] < 0:
        return {int(np.argmax(tree.value[node][0]))}
    return _put_into(model, int(tree.children_left[node])) | _put_into(model, int(tree.children_right[node]))


def _where(bounds: Bounds) -> str:
    if not bounds:
        return "all"
    wording = list(BEHAVIOUR.values())
    return " and ".join(_between(*bounds[feature], *wording[feature]) for feature in sorted(bounds))


def _between(low: float, high: float, written: str, what: str) -> str:
    if low == -inf:
        return f"at most {high:{written}} {what}"
    if high == inf:
        return f"more than {low:{written}} {what}"
    return f"{low:{written}} to {high:{written}} {what}"
