"""At the tills: which bank and lane, and how long service takes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from storesim.customers.population import Floats
from storesim.inputs.floor_plan import CheckoutKind
from storesim.inputs.operations import Tills
from storesim.inputs.parameters import Parameters

PLAIN_TILLS = Tills()


@dataclass(frozen=True)
class ServiceLaw:
    """Mean service time as a line in units."""

    base_s: float
    per_unit_s: float

    def mean_s(self, units: int) -> float:
        """Return the mean service time of a basket: base + per_unit · units."""
        return self.base_s + self.per_unit_s * units


def service_law(kind: CheckoutKind, parameters: Parameters, tills: Tills = PLAIN_TILLS) -> ServiceLaw:
    """Return how long a kind of checkout takes; a gate and a counter for orders take what the scenario says.

    Cashier 11.8 + 2.94 n s (published: fitted to 17 Polish rows, Antczak 2020); self-service 40 + 7.25 n s (assumed).
    """
    if kind == "cashier":
        return ServiceLaw(parameters.cashier_base_s, parameters.cashier_per_unit_s)
    if kind == "mobile" and tills.scan_and_pay:
        return ServiceLaw(tills.scan_and_pay.pay_s, 0.0)
    if kind == "collect" and tills.collect:
        return ServiceLaw(tills.collect.hand_over_s, 0.0)
    return ServiceLaw(parameters.self_base_s, parameters.self_per_unit_s)


def service_factor(u_service: Floats, variation: float) -> Floats:
    """Return each customer's factor on the mean service time: lognormal with mean 1 and this coefficient of variation.

    Variation 0 gives 1 exactly. Default 0.35 (assumed, 0.2 to 0.5).
    """
    sigma = np.sqrt(np.log1p(variation**2))
    return np.asarray(np.exp(sigma * special.ndtri(u_service) - sigma**2 / 2))


def servers(kind: CheckoutKind, lanes: int) -> tuple[int, ...]:
    """Return how many serve each queue of a checkout: cashiers have a queue each, self-service shares one."""
    return (1,) * lanes if kind == "cashier" else (lanes,)


def choose_bank(lengths: Sequence[Sequence[float]], metres: Sequence[float]) -> int:
    """Return the checkout to walk to: the one with the shortest queue, the nearer on a tie.

    People react to the length of a queue, not to its speed (Lu et al. 2013, published). A length counts who waits and
    who is served, per server.
    """
    shortest = [min(bank) for bank in lengths]
    least = min(shortest)
    ties = [bank for bank, length in enumerate(shortest) if length == least]
    return min(ties, key=metres.__getitem__)


def choose_queue(lengths: Sequence[float]) -> int:
    """Return the shortest queue of a checkout, the first of equals."""
    return lengths.index(min(lengths))
