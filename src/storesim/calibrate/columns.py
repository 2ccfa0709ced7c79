"""Which column of an extract is what: guessed from names and cells, or as the user's map says."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from storesim.inputs.mistakes import Mark, Mistakes, quoted, shown, suggest
from storesim.inputs.yaml_source import Source, read_yaml

SPELLINGS: Mapping[str, tuple[str, ...]] = {
    "basket_id": (
        "basket_id basket basketnumber transaction_id transactionnumber transaction trans_id receipt_id receipt "
        "receiptnumber receiptno ticket_id invoice_id invoice invoiceno order_id bonnummer bonnr bon belegnummer "
        "belegnr beleg kassenbon kassenbonnr warenkorb transaktion transaktionsnr id_ticket ticket numeroticket "
        "noticket panier id_panier num_ticket numticket cesta id_cesta transaccion id_transaccion recibo bonnetje "
        "kassabon mandje nticket transactienummer transactie",
    ),
    "timestamp": (
        "timestamp transaction_timestamp datetime date_time transaction_datetime invoicedate sold_at created_at "
        "zeitpunkt zeitstempel datumuhrzeit datum_zeit verkaufszeitpunkt horodatage date_heure dateheure fecha_hora "
        "fechahora marca_de_tiempo tijdstip datum_tijd datumtijd",
    ),
    "date": (
        "date sale_date transaction_date day datum verkaufsdatum bondatum belegdatum kaufdatum date_vente "
        "date_ticket jour fecha fecha_venta dia verkoopdatum bonnetjesdatum",
    ),
    "time": (
        "time sale_time transaction_time timeofday uhrzeit zeit verkaufszeit bonzeit heure heure_vente hora "
        "hora_venta tijd verkooptijd",
    ),
    "product": (
        "category product_category commodity commodity_desc subcategory warengruppe kategorie artikelgruppe "
        "produktgruppe categorie categorie_produit famille famille_produit categoria familia subfamilia "
        "productgroep artikelgroep",
        "product product_name item item_name description article artikel artikelbezeichnung artikelname bezeichnung "
        "produkt produit libelle libelle_produit designation producto articulo descripcion artikelomschrijving "
        "omschrijving",
        "product_id item_id sku ean gtin upc plu article_id stockcode artikelnummer artikelnr produkt_id "
        "code_produit code_article codigo codigo_producto artikelcode productnummer",
    ),
    "sku": ("sku_id sku_code item_code ean_code gtin_code upc_code",),
    "department": (
        "department dept department_name abteilung hauptwarengruppe bereich sortiment rayon departement "
        "departamento seccion afdeling",
    ),
    "quantity": (
        "quantity qty units units_sold count pieces menge anzahl stueck stuck stueckzahl stuckzahl quantite qte "
        "nb_articles nombre cantidad unidades cant uds aantal hoeveelheid stuks",
    ),
    "net_sales": (
        "net_sales netsales sales_value line_total total_price netamount net_amount sales_amount extended_price "
        "umsatz nettoumsatz umsatz_netto zeilenbetrag positionsbetrag gesamtpreis ventes montant_net montant_ligne "
        "chiffre_affaires ventas venta_neta importe_neto total_linea omzet netto_omzet regeltotaal totaalprijs",
        "sales amount revenue value total betrag summe wert bruttoumsatz umsatz_brutto montant ca total_ttc "
        "montant_ttc importe monto venta bedrag totaal",
    ),
    "price": (
        "price unit_price price_per_unit price_paid preis einzelpreis stueckpreis stuckpreis prix prix_unitaire pu "
        "precio precio_unitario prijs stuksprijs eenheidsprijs",
    ),
    "regular_price": (
        "regular_price list_price shelf_price base_price full_price normalpreis listenpreis grundpreis prix_normal "
        "prix_catalogue prix_regulier precio_regular precio_lista precio_normal normale_prijs adviesprijs",
    ),
    "discount": (
        "discount retail_disc discount_amount markdown rabatt nachlass preisnachlass remise rabais reduction "
        "descuento rebaja dto korting",
    ),
    "store": (
        "store store_id store_number shop shop_id branch outlet filiale filial_id filialnr filialnummer markt laden "
        "magasin id_magasin point_de_vente tienda id_tienda sucursal winkel winkel_id filiaal",
    ),
    "customer": (
        "customer customer_id household_id household member_id loyalty_id card_number loyalty_card kunde kunden_id "
        "kundennr kundennummer kundenkarte haushalt client id_client client_id carte_fidelite cliente id_cliente "
        "tarjeta_cliente klant klant_id klantnummer klantenkaart",
    ),
    "consent": (
        "consent opt_in optin marketing_consent consent_given gdpr_consent einwilligung zustimmung dsgvo "
        "consentement accord_client consentimiento toestemming",
    ),
    "currency": ("currency currency_code ccy waehrung wahrung devise moneda divisa munteenheid valuta",),
}
"""Usual names of each column in English, German, French, Spanish and Dutch; an earlier group is taken first."""

SETTINGS: Mapping[str, tuple[str, ...]] = {
    "decimal": (".", ","),
    "dates": ("D/M/Y", "M/D/Y"),
}
"""What the user's map may say besides columns, where the file alone cannot tell."""
NEEDED = ("basket_id", "product")
MOST_CELLS_TRIED = 500

_DATE = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}|\d{8}(?!\d)|\d{14}")
_CLOCK = re.compile(r"\d{1,2}:\d{2}|\d{14}")
_MONEY = re.compile(r"\W*-?\d[\d.,' ]*[.,]\d{2}\W*")


@dataclass(frozen=True)
class Column:
    """A column of the file and what it was taken for."""

    role: str
    name: str
    """As the file's header has it."""
    number: int
    """From 1."""
    why: str


@dataclass(frozen=True)
class Columns:
    """What was found in the header; `settings` are what the map says besides."""

    found: tuple[Column, ...]
    unused: tuple[str, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)

    def __getitem__(self, role: str) -> Column:
        return next(column for column in self.found if column.role == role)

    def __contains__(self, role: str) -> bool:
        return any(column.role == role for column in self.found)

    def table(self) -> tuple[tuple[str, str, str], ...]:
        """Return (what, column of the file, why) of each column used, for the report."""
        return tuple((column.role, column.name, column.why) for column in self.found)


@dataclass(frozen=True)
class ColumnMap:
    """The user's map: columns by role and settings, each with its place in the map."""

    columns: Mapping[str, tuple[str, Mark]] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)


def read_map(path: Path, mistakes: Mistakes) -> ColumnMap:
    """Read a map such as {net_sales: Umsatz, decimal: ','}."""
    source = read_yaml(path, mistakes)
    if source is None:
        return ColumnMap()
    if not isinstance(source.data, dict):
        mistakes.add(source.mark(), "the map is not made of keys and values; write lines like 'net_sales: Umsatz'")
        return ColumnMap()
    columns: dict[str, tuple[str, Mark]] = {}
    settings: dict[str, str] = {}
    for key, value in source.data.items():
        if key in SETTINGS:
            settings.update(_setting(source, key, mistakes))
        elif key in SPELLINGS and isinstance(value, str | int | float):
            columns[key] = (str(value), source.mark((key,)))
        elif key in SPELLINGS:
            mistakes.add(source.mark((key,)), f"{key!r} names no column; write '{key}: NAME' with a name of the header")
        else:
            mistakes.add(source.key_mark((key,)), f"unknown key {quoted(key)}{suggest(key, [*SPELLINGS, *SETTINGS])}")
    return ColumnMap(columns, settings)


def _setting(source: Source, key: str, mistakes: Mistakes) -> dict[str, str]:
    value = source.value((key,))
    if value in SETTINGS[key]:
        return {key: str(value)}
    mistakes.add(source.mark((key,)), f"{key!r} is {quoted(value)}{suggest('', SETTINGS[key])}")
    return {}


def guess(
    path: Path,
    header: Sequence[str],
    cells: Sequence[Sequence[str]],
    mapped: ColumnMap,
    mistakes: Mistakes,
    line: int = 1,
) -> Columns:
    """Return what each column is: as mapped, else by its name, else (time and amount) by its cells.

    Args:
        path: the extract, for messages.
        header: names of its columns.
        cells: some rows, shape (rows, columns).
        mapped: what the user says.
        mistakes: takes names that are missing, stand twice or could mean two things.
        line: where the header stands.
    """
    guesser = _Guesser(path, header, cells, mapped, mistakes, line)
    return guesser.guess()


def folded(name: str) -> str:
    """Return a column's name as it is compared: no case, accents, spaces or signs."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


_GROUPS: dict[str, tuple[frozenset[str], ...]] = {
    role: tuple(frozenset(folded(word) for word in group.split()) for group in groups)
    for role, groups in SPELLINGS.items()
}
_GROUPS["sku"] = (_GROUPS["product"][-1] | _GROUPS["sku"][0],)  # where products are categories, numbers tell items


class _Guesser:
    def __init__(
        self,
        path: Path,
        header: Sequence[str],
        cells: Sequence[Sequence[str]],
        mapped: ColumnMap,
        mistakes: Mistakes,
        line: int,
    ) -> None:
        self.path, self.header, self.mapped, self.mistakes, self.line = path, header, mapped, mistakes, line
        self.cells = [list(filter(None, (row[k].strip() for row in cells if k < len(row)))) for k in range(len(header))]
        self.found: dict[str, Column] = {}

    def guess(self) -> Columns:
        before = len(self.mistakes)
        self._check_header()
        if len(self.mistakes) == before:
            for role in SPELLINGS:
                self._take_mapped(role)
            for role in SPELLINGS:
                self._take_named(role)
            self._sort_out_time()
            self._take_typed()
            if len(self.mistakes) == before:
                self._check_needed()
        used = {column.name for column in self.found.values()}
        ordered = tuple(self.found[role] for role in SPELLINGS if role in self.found)
        return Columns(ordered, tuple(name for name in self.header if name not in used), self.mapped.settings)

    def _check_header(self) -> None:
        seen: dict[str, int] = {}
        for number, name in enumerate(self.header, start=1):
            if name and name in seen:
                self._add(number, f"column {quoted(name)} stands twice (also column {seen[name]}); rename or drop one")
            seen.setdefault(name, number)
        if not any(re.search(r"[^\W\d_]", name) for name in self.header):
            self._add(
                1, "the first line has no names; put a header such as basket_id,timestamp,product,… above the rows"
            )

    def _add(self, number: int, what: str) -> None:
        self.mistakes.add(Mark(shown(self.path), self.line, number), what)

    def _take(self, role: str, index: int, why: str) -> None:
        self.found[role] = Column(role, self.header[index], index + 1, why)

    def _take_mapped(self, role: str) -> None:
        if role not in self.mapped.columns:
            return
        name, mark = self.mapped.columns[role]
        same = [k for k, own in enumerate(self.header) if own == name] or [
            k for k, own in enumerate(self.header) if folded(own) == folded(name)
        ]
        if same:
            self._take(role, same[0], "as mapped")
        else:
            self.mistakes.add(mark, f"column {quoted(name)} is not in {shown(self.path)}{suggest(name, self.header)}")

    def _take_named(self, role: str) -> None:
        if role in self.mapped.columns:
            return
        taken = {column.number - 1 for column in self.found.values()}
        for group in _GROUPS[role]:
            named = [k for k, name in enumerate(self.header) if folded(name) in group and k not in taken]
            if len(named) > 1 and role != "sku":  # any of them tells items apart
                first, second = (quoted(self.header[k]) for k in named[:2])
                remedy = f"say which with --columns, such as '{role}: {self.header[named[0]]}'"
                self._add(named[1] + 1, f"columns {first} and {second} could both be {role}; {remedy}")
            if named:
                self._take(role, named[0], "by its name")
                return

    def _sort_out_time(self) -> None:
        """Make of date and time what their cells show: one column with both is the timestamp."""
        for role in ("date", "time"):
            column = self.found.get(role)
            if (
                column
                and column.why == "by its name"
                and "timestamp" not in self.found
                and self._has_both(column.number - 1)
            ):
                self._take("timestamp", column.number - 1, "by its name and cells")
                del self.found[role]
        if "timestamp" in self.found:
            stamp = self.found["timestamp"].number - 1
            if "time" in self.found and not self._has_both(stamp):
                self.found.setdefault("date", Column("date", self.header[stamp], stamp + 1, "by its cells"))
                del self.found["timestamp"]
            else:
                self.found.pop("date", None)
                self.found.pop("time", None)

    def _has_both(self, index: int) -> bool:
        return self._all(index, _DATE) and self._all(index, _CLOCK)

    def _all(self, index: int, pattern: re.Pattern[str]) -> bool:
        """Whether nearly all cells of a column hold a pattern."""
        cells = self.cells[index][:MOST_CELLS_TRIED]
        return bool(cells) and sum(bool(pattern.search(cell)) for cell in cells) >= 0.9 * len(cells)

    def _take_typed(self) -> None:
        """Take the only column left that holds times, and the only one that holds amounts, where names say nothing."""
        left = [k for k in range(len(self.header)) if k not in {column.number - 1 for column in self.found.values()}]
        stamps = [k for k in left if self._has_both(k)]
        if not {"timestamp", "date"} & set(self.found) and len(stamps) == 1:
            self._take("timestamp", stamps[0], "the only column of times")
        amounts = [k for k in left if k not in stamps and self._all(k, _MONEY) and not self._all(k, _DATE)]
        if not {"net_sales", "price"} & set(self.found) and len(amounts) == 1:
            self._take("net_sales", amounts[0], "the only column of amounts")

    def _check_needed(self) -> None:
        for role in NEEDED:
            if role not in self.found:
                self._missing(role)
        if "timestamp" not in self.found and not {"date", "time"} <= set(self.found):
            only_date = "date" in self.found
            self._missing("time" if only_date else "timestamp")
        if "net_sales" not in self.found and not {"price", "quantity"} <= set(self.found):
            self._missing("net_sales")

    def _missing(self, role: str) -> None:
        name = next((name for name in self.header if name.strip()), "NAME")
        what = f"no column looks like {role}; name it with --columns, such as '{role}: {name}'"
        self._add(1, f"{what} (the header has {', '.join(quoted(name) for name in self.header[:12])})")
