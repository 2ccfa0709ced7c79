"""All laws of a cleaned extract, in the order in which they need each other."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import duckdb

from storesim.calibrate.arrivals import fit_arrivals
from storesim.calibrate.baskets import fit_baskets
from storesim.calibrate.customers import fit_customers
from storesim.calibrate.effects import fit_effects
from storesim.calibrate.missions import fit_missions
from storesim.calibrate.privacy import LEAST
from storesim.calibrate.propensities import fit_propensities, make_offer
from storesim.calibrate.tastes import fit_tastes
from storesim.calibrate.written import Assumed, Calibrated

STEPS = 6


def fit_laws(
    db: duckdb.DuckDBPyConnection,
    least: int = LEAST,
    item: str = "product",
    assumed: Assumed | None = None,
    names: Mapping[str, str] = MappingProxyType({}),
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Calibrated:
    """Return the laws of table `clean` (and `promotion`, where there is one; see `effects.fit_effects`).

    `item` is the column of `clean` that promotions and prices are followed by: products are made of items. `names`
    are other names for products; `progress` is told how many of the steps are done.
    """
    merged = make_offer(db, least, names)
    progress(1, STEPS)
    missions = fit_missions(db)
    progress(2, STEPS)
    baskets, spread = fit_baskets(db, least)
    propensities = fit_propensities(db, least)
    progress(3, STEPS)
    arrivals = fit_arrivals(db, least)
    progress(4, STEPS)
    effects = fit_effects(db, propensities.products, propensities.departments, item)
    progress(5, STEPS)
    customers = fit_customers(db, least)
    progress(6, STEPS)
    return Calibrated(
        missions=missions,
        arrivals=arrivals,
        baskets=baskets,
        propensities=propensities,
        effects=effects,
        customers=customers,
        tastes=fit_tastes(db, propensities, baskets),
        withheld=(*merged, *spread),
        assumed=assumed or Assumed(),
        least=least,
    )
