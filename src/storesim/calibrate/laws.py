"""All laws of a cleaned extract, in the order in which they need each other."""

import duckdb

from storesim.calibrate.arrivals import fit_arrivals
from storesim.calibrate.baskets import fit_baskets
from storesim.calibrate.customers import fit_customers
from storesim.calibrate.effects import fit_effects
from storesim.calibrate.missions import fit_missions
from storesim.calibrate.privacy import LEAST
from storesim.calibrate.propensities import fit_propensities, make_offer
from storesim.calibrate.written import Assumed, Calibrated


def fit_laws(
    db: duckdb.DuckDBPyConnection, least: int = LEAST, item: str = "product", assumed: Assumed | None = None
) -> Calibrated:
    """Return the laws of table `clean` (and `promotion`, where there is one; see `effects.fit_effects`).

    `item` is the column of `clean` that promotions and prices are followed by: products are made of items.
    """
    merged = make_offer(db, least)
    missions = fit_missions(db)
    baskets, spread = fit_baskets(db, least)
    propensities = fit_propensities(db, least)
    return Calibrated(
        missions=missions,
        arrivals=fit_arrivals(db, least),
        baskets=baskets,
        propensities=propensities,
        effects=fit_effects(db, propensities.products, propensities.departments, item),
        customers=fit_customers(db, least),
        withheld=(*merged, *spread),
        assumed=assumed or Assumed(),
        least=least,
    )
