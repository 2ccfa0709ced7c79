"""A list of customers: who allows purchases to be told apart, and in which tier they are; of others nothing is kept."""

from pathlib import Path

from storesim.calibrate.dialect import is_parquet
from storesim.calibrate.extract import Pos
from storesim.calibrate.side_table import count, need, says_yes, view
from storesim.inputs.mistakes import Mark, Mistakes, shown

SPELLINGS = {
    "customer": (
        "customer customer_id household household_id member_id loyalty_id card_number kunde kunden_id kundennummer "
        "client client_id cliente klant klantnummer"
    ),
    "consent": "consent opt_in marketing_consent consent_given einwilligung zustimmung consentement consentimiento",
    "tier": (
        "tier status loyalty member loyalty_tier loyalty_status member_status member_type customer_tier customer_type "
        "card_type segment kundenstatus kundengruppe kartenart statut nivel estado klanttype"
    ),
}
GUEST_WORDS = ("", "guest", "guests", "gast", "none", "null", "nan", "-")
"""In a tier's cell: none."""
MOST_DUPLICATES = 20
"""Told one by one."""
TIERS = "tier_list"
"""Table of customer and tier; it is there only where the user gives tiers."""


def read_customers(pos: Pos, path: Path, mistakes: Mistakes) -> int:
    """Forget the customer of every line whose customer is not on the list with consent; return how many lines.

    The list has a column customer, and consent, tier or both; without consent, all who are on it have consented.
    Tiers of those who have are put into table `tier_list`.
    """
    found = view(pos.db, path, "customer_list", SPELLINGS, mistakes)
    if not found:
        return 0
    need(path, found, ("customer",), mistakes)
    need(path, found, ("consent", "tier"), mistakes)
    if "customer" not in found or len(found) == 1:
        return 0
    if "customer" not in pos.columns:
        mistakes.add(path, "the points of sale have no customer column; leave --customers out, or say it in --columns")
        return 0
    before = len(mistakes)
    _check(pos, path, mistakes)
    lines = _keep(pos, found) if len(mistakes) == before else 0
    pos.db.execute("DROP VIEW customer_list")
    return lines


def _check(pos: Pos, path: Path, mistakes: Mistakes) -> None:
    """Add who is listed twice, by line and not by name, and that nobody on the list ever came."""
    head = 0 if is_parquet(path) else 1
    twice = pos.db.execute(f"""
        WITH numbered AS (SELECT row_number() OVER () + {head} AS place, customer FROM customer_list)
        SELECT place, earlier FROM (SELECT *, min(place) OVER (PARTITION BY customer) AS earlier FROM numbered)
        WHERE customer <> '' AND place > earlier ORDER BY place LIMIT {MOST_DUPLICATES}""").fetchall()
    for line, first in twice:
        mistakes.add(Mark(shown(path), line), f"this customer is on line {first} already; keep one of the rows")
    if not count(pos.db, "SELECT count(*) FROM customer_list WHERE customer IN (SELECT customer FROM line)"):
        mistakes.add(path, "none of its customers is in the points of sale; write their names as there")


def _keep(pos: Pos, found: tuple[str, ...]) -> int:
    """Make `tier_list` and forget all others; return their lines."""
    consents = says_yes("consent") if "consent" in found else "true"
    allowed = f"FROM customer_list WHERE {consents} AND customer NOTNULL"
    refused = f"customer NOTNULL AND customer NOT IN (SELECT customer {allowed})"
    lines = count(pos.db, f"SELECT count(*) FROM line WHERE {refused}")
    if "tier" in found:
        pos.db.execute(f"""
            CREATE TABLE {TIERS} AS
            SELECT customer, CASE WHEN name NOT IN {GUEST_WORDS} THEN name END AS tier
            FROM (SELECT customer, lower(regexp_replace(coalesce(tier, ''), '\\s+', ' ', 'g')) AS name {allowed})""")
    pos.db.execute(f"UPDATE parsed SET customer = NULL WHERE {refused}")
    return lines
