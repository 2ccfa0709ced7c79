"""What customers bring to tills that are run in a way of their own: uniforms drawn before anybody comes."""

from dataclasses import dataclass

from storesim.customers.streams import Purpose, Streams
from storesim.customers.types import Floats


@dataclass(frozen=True, eq=False)
class TillDraws:
    """One uniform a customer and decision; shapes (customers,)."""

    u_intervention: Floats
    """Needs help at self-service when below the share who do."""
    u_payment: Floats
    """Which way to pay, by inversion over the shares."""
    u_foresight: Floats
    """Looks ahead before joining a line when below the share who do."""
    u_scan: Floats
    """Scans and pays by telephone when below the share."""
    u_collect: Floats
    """Fetches an order when below the share."""


def draw_at_tills(streams: Streams, customers: int) -> TillDraws:
    """Return the uniforms of so many customers; the same in every variant, for any number of customers."""
    purposes = (Purpose.INTERVENTION, Purpose.PAYMENT, Purpose.FORESIGHT, Purpose.SCAN, Purpose.COLLECT)
    return TillDraws(*(streams.uniforms(purpose, customers) for purpose in purposes))
