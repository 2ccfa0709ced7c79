"""Names of departments and products that are sold at the till but do not stand on the shop floor."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

KINDS: Mapping[str, str] = {
    "fuel": (
        "fuel, gas, gasoline, petrol, petrol station, gas station, fuel station, diesel, filling station, "
        "kraftstoff, benzin, tankstelle, carburant, carburants, station service, essence, gasolina, gasolinera, "
        "gasoleo, combustible, combustibles, brandstof, brandstoffen, benzine, tankstation"
    ),
    "lottery": (
        "lottery, lotto, loterie, lotterie, loteria, loterij, toto, scratch card, rubbellos, jeux de grattage, "
        "krasloten"
    ),
    "gift cards": (
        "gift card, giftcard, gift voucher, prepaid card, phone card, geschenkkarte, geschenkkarten, "
        "gutschein, gutscheinkarte, "
        "guthabenkarte, carte cadeau, cartes cadeaux, cheque cadeau, tarjeta regalo, tarjetas regalo, cadeaubon, "
        "cadeaukaart, cadeaukaarten"
    ),
    "tickets and services": (
        "ticket, tickets and events, event ticket, travel, postal, postal center, post office, postage, stamps, "
        "photo, photo service, money order, western union, bill payment, service, restaurant, car wash, fahrkarten, "
        "eintrittskarten, briefmarken, fotoservice, dienstleistung, dienstleistungen, billet, billets, timbres, "
        "services, entradas, sellos, servicios, kaartjes, postzegels, diensten"
    ),
    "coupons and discounts": (
        "coupon, coupons store, store coupon, mfg coupon, manufacturer coupon, voucher, discount, rabatt, rabatte, "
        "rabattcoupon, bon de reduction, remise, cupon, cupones, descuento, korting, kortingsbon"
    ),
    "deposits and bags": (
        "deposit, bottle deposit, pfand, leergut, leergutbon, consigne, consignes, envases, statiegeld, emballage, "
        "carrier bag, tragetasche, sac de caisse, bolsa, draagtas"
    ),
    "miscellaneous": (
        "misc, misc item, miscellaneous, other, others, various, store sup, store supplies, control, cntrl, "
        "sonstige, sonstiges, diverse, diverses, divers, autre, autres, otros, varios, overig, overige, diversen, "
        "suspense, non merch, non merchandise"
    ),
    "unknown": (
        "unknown, undefined, not found, no description, no commodity description, unbekannt, ohne bezeichnung, "
        "inconnu, desconocido, sin descripcion, onbekend, test, dummy"
    ),
}
"""Kinds and their names in English, German, French, Spanish and Dutch."""
PHARMACY = "pharmacy rx, rx, prescription, prescriptions, pharmacy, rezept, ordonnance, receta, recept"
"""Left out only where asked for: in some stores it is a counter on the floor."""

_MONEY = {"eur", "euro", "usd", "gbp", "chf", "ct", "cent"}


def kind_of(name: str | None, *, pharmacy: bool = False) -> str | None:
    """Return the kind of thing off the floor that a name means, or None.

    A name is compared in parts ('COUPON/MISC ITEMS' has two), each as a whole: 'duraflame fuel log' is no fuel.
    """
    parts = _parts(name or "")
    kinds = _KINDS | (dict.fromkeys(_phrases(PHARMACY), "pharmacy") if pharmacy else {})
    return next((kinds[part] for part in parts if part in kinds), None)


def _parts(name: str) -> list[str]:
    """Return 'Pfand 0,25 EUR' as ['pfand']."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    parts = [re.findall(r"[^\W\d_]+", re.sub(r"\S*\d\S*", " ", part)) for part in re.split(r"[/&+:;,()]", plain)]
    return [" ".join(_singular(word) for word in words if word not in _MONEY) for words in parts if words]


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


def _phrases(listed: str) -> Iterable[str]:
    return (" ".join(_singular(word) for word in phrase.split()) for phrase in listed.split(","))


_KINDS = {phrase: kind for kind, listed in KINDS.items() for phrase in _phrases(listed)}
