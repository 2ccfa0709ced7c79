"""A list of customers who allow their purchases to be told apart; of all others the customer is forgotten."""

from pathlib import Path

from storesim.calibrate.extract import Pos
from storesim.calibrate.side_table import count, need, says_yes, view
from storesim.inputs.mistakes import Mistakes

SPELLINGS = {
    "customer": (
        "customer customer_id household_id household member_id loyalty_id card_number kunde kunden_id kundennummer "
        "client client_id cliente klant klantnummer"
    ),
    "consent": "consent opt_in marketing_consent consent_given einwilligung zustimmung consentement consentimiento",
}


def forget_refused(pos: Pos, path: Path, mistakes: Mistakes) -> int:
    """Forget the customer of every line whose customer the list does not name with consent; return how many lines.

    The list has columns customer and consent; whoever is not on it has not consented.
    """
    found = view(pos.db, path, "customer_list", SPELLINGS, mistakes)
    if not found:
        return 0
    for column in SPELLINGS:
        need(path, found, (column,), mistakes)
    if set(found) != set(SPELLINGS):
        return 0
    if "customer" not in pos.columns:
        mistakes.add(path, "the points of sale have no customer column; leave --customers out, or say it in --columns")
        return 0
    allowed = f"SELECT customer FROM customer_list WHERE {says_yes('consent')} AND customer NOTNULL"
    refused = f"customer NOTNULL AND customer NOT IN ({allowed})"
    lines = count(pos.db, f"SELECT count(*) FROM line WHERE {refused}")
    pos.db.execute(f"UPDATE parsed SET customer = NULL WHERE {refused}")
    pos.db.execute("DROP VIEW customer_list")
    return lines
