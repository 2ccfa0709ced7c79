"""All laws of a cleaned extract, in the order in which they need each other."""

from collections.abc import Callable

import duckdb

from storesim.calibrate.arrivals import fit_arrivals
from storesim.calibrate.baskets import fit_baskets
from storesim.calibrate.customers import fit_customers
from storesim.calibrate.effects import fit_effects
from storesim.calibrate.missions import fit_missions
from storesim.calibrate.names_file import Words
from storesim.calibrate.privacy import LEAST
from storesim.calibrate.propensities import fit_propensities, make_offer
from storesim.calibrate.tastes import fit_tastes
from storesim.calibrate.written import Assumed, Calibrated

STEPS = 7


def fit_laws(
    db: duckdb.DuckDBPyConnection,
    least: int = LEAST,
    item: str = "product",
    words: Words | None = None,
    seed: int = 1,
    opening_hours: tuple[int, int] | None = None,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Calibrated:
    """Return the laws of table `clean` (and `promotion`, where there is one; see `effects.fit_effects`).

    `item` is the column of `clean` that promotions and prices are followed by: products are made of items. `words`
    are other names for products, and what no transaction tells; `seed` is that of samples and of k-means;
    `opening_hours` are the first and last hour (its end), guessed where they are not given; `progress` is told how many
    of the steps are done.
    """
    progress(0, STEPS)
    merged = make_offer(db, least, words)
    progress(1, STEPS)
    missions = fit_missions(db, seed=seed)
    progress(2, STEPS)
    baskets, spread = fit_baskets(db, least)
    propensities = fit_propensities(db, least)
    progress(3, STEPS)
    arrivals = fit_arrivals(db, least, opening_hours)
    progress(4, STEPS)
    effects = fit_effects(db, propensities.products, propensities.departments, item)
    progress(5, STEPS)
    customers = fit_customers(db, least, seed)
    progress(6, STEPS)
    tastes = fit_tastes(db, propensities, baskets)
    progress(7, STEPS)
    return Calibrated(
        missions=missions,
        arrivals=arrivals,
        baskets=baskets,
        propensities=propensities,
        effects=effects,
        customers=customers,
        tastes=tastes,
        withheld=(*merged, *spread),
        assumed=Assumed(facts=words.facts) if words else Assumed(),
        least=least,
    )
