"""How numbers and times are written in an extract, decided over all its rows; and the SQL that reads them."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Shapes = Mapping[str, int]
"""Cells with every digit written as 9, and how often each occurs."""

FEW = 0.05
"""Rows written against the rule of all others are unreadable; from this share on the rule itself is in doubt."""
CURRENCIES: Mapping[str, str] = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "$": "USD", "us$": "USD", "usd": "USD", "£": "GBP", "gbp": "GBP",
    "chf": "CHF", "sfr.": "CHF", "fr.": "CHF", "zł": "PLN", "pln": "PLN", "kč": "CZK", "czk": "CZK", "kr": "kr",
    "kr.": "kr", "sek": "SEK", "nok": "NOK", "dkk": "DKK", "¥": "JPY", "jpy": "JPY", "ft": "HUF", "huf": "HUF",
    "cad": "CAD", "aud": "AUD", "r$": "BRL", "brl": "BRL", "₹": "INR", "inr": "INR", "₽": "RUB", "rub": "RUB",
}  # fmt: skip
EMPTY = ("", "null", "na", "n/a", "nan", "none", "\\n")

_SYMBOL = re.compile(r"[^\d\s.,'’()+\-−]+\.?", re.IGNORECASE)
_DATE = r"(?P<date>9999([-/.])99?\2?99?|99999999|99?([-/.])99?\3?(?:9999|99)|99?[- ][A-Za-z]{3}[- ]9999)"
_TIME = r"(?P<time>99?:99(?::99(?:\.9+)?)?(?P<half> ?[AaPp][Mm])?|999999|9999)"
_ZONE = r" ?(?P<zone>Z|UTC|[+-]99:?99)"
_STAMP = re.compile(rf"{_DATE}(?:(?P<gap>T| +){_TIME}(?:{_ZONE})?)?|(?P<solid>99999999999999)")


def currencies(shapes: Shapes) -> set[str]:
    """Return the currencies that stand beside numbers."""
    symbols = {symbol.casefold() for shape in shapes for symbol in _SYMBOL.findall(shape)}
    return {CURRENCIES[symbol] for symbol in symbols if symbol in CURRENCIES}


def decimal_evidence(shapes: Shapes) -> Counter[str]:
    """Return how many cells can only be read with a decimal point, or comma."""
    found: Counter[str] = Counter()
    for shape, count in shapes.items():
        mark = _decimal_of(shape)
        if mark:
            found[mark] += count
    return found


def is_open(shapes: Shapes) -> bool:
    """Whether there are numbers such as 1.234 that a decimal point and a thousands separator both explain."""
    return any(re.fullmatch(r"\D*9{1,3}[.,]999\D*", shape) for shape in shapes)


def _decimal_of(shape: str) -> str | None:
    core = "".join(letter for letter in shape if letter in "9.,")
    marks = [letter for letter in core if letter in ".,"]
    if not marks or not re.search(r"9", core):
        return None
    last, other = marks[-1], {".": ",", ",": "."}[marks[-1]]
    if len(set(marks)) == 2:
        return last
    if len(marks) > 1:
        return other
    before, after = core.split(last)
    return last if len(after) != 3 or len(before) > 3 or not before else None


def number_sql(text: str, decimal: str, shapes: Shapes) -> str:
    """Return SQL for the number in a text column, NULL where there is none.

    Understood are thousands separators (the other mark, spaces, apostrophes), signs before and after, brackets for
    negative amounts, currency symbols, and exponents. 1,50 is no number where the comma separates thousands. Columns
    whose shapes show none of these are read four times as fast.
    """
    if all(re.fullmatch(rf"-?9+(?:{re.escape(decimal)}9+)?", shape) for shape in shapes):
        return f"TRY_CAST(replace({text}, ',', '.') AS DOUBLE)"
    mark, group = (r"\.", ",") if decimal == "." else (",", r"\.")
    grouped = rf"(?:\d{{1,3}}(?:[{group}'’ ]\d{{3}})+|\d+)(?:{mark}\d*)?|{mark}\d+"
    signed = rf"[+-]?(?:{grouped})|(?:{grouped})-|\((?:{grouped})\)"
    exponent = rf"[+-]?\d+(?:{mark}\d*)?[eE][+-]?\d+"
    plain = _plain_number(text)
    sign = f"(CASE WHEN {plain} LIKE '-%' OR {plain} LIKE '%-' OR {plain} LIKE '(%' THEN -1 ELSE 1 END)"
    digits = f"replace(translate({plain}, '{'.' if decimal == ',' else ','}’'' ()+-', ''), ',', '.')"
    return (
        f"CASE WHEN regexp_full_match({plain}, {literal(signed)}) THEN {sign} * TRY_CAST({digits} AS DOUBLE) "
        f"WHEN regexp_full_match({plain}, {literal(exponent)}) "
        f"THEN TRY_CAST(replace({plain}, ',', '.') AS DOUBLE) END"
    )


def _plain_number(text: str) -> str:
    """Return SQL for a cell with plain spaces and minus signs, and without currency."""
    symbols = "|".join(sorted(map(re.escape, CURRENCIES), key=len, reverse=True))
    spaced = f"translate({text}, '\u00a0\u202f\u2009−', '   -')"
    return f"trim(regexp_replace({spaced}, {literal(f'(?i)(?:{symbols})')}, '', 'g'))"


def literal(text: str) -> str:
    """Return text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


@dataclass(frozen=True)
class Stamps:
    """How times are written: formats of strptime, the most frequent first."""

    formats: tuple[str, ...]
    zones: frozenset[str]
    """"utc", "offset", or nothing."""

    def sql(self, text: str) -> str:
        """Return SQL for the time in a text column, as it stands on the wall; NULL where there is none."""
        bare = text
        if self.zones:
            bare = f"regexp_replace({text}, '(:\\d\\d(?:\\.\\d+)?) ?(?:Z|UTC|[+-]\\d\\d:?\\d\\d)$', '\\1')"
        formats = ", ".join(literal(each) for each in self.formats)
        return f"try_strptime({bare}, [{formats}])"


def stamps(shapes: Shapes, order: str | None) -> Stamps:
    """Return the formats behind the shapes of times; `order` is D/M/Y or M/D/Y where both could be meant."""
    formats: Counter[str] = Counter()
    zones: set[str] = set()
    for shape, count in shapes.items():
        match = _STAMP.fullmatch(shape)
        if match:
            formats[_strptime(match, order)] += count
            zones |= {"utc" if match["zone"] in ("Z", "UTC") else "offset"} if match["zone"] else set()
    ranked = sorted(formats, key=lambda form: (-formats[form], form))
    return Stamps(tuple(ranked), frozenset(zones))


def needs_order(shapes: Shapes) -> bool:
    """Whether there are dates such as 99/99/9999, which are read both ways."""
    return any(re.match(r"99?([-/])99?\1(?:9999|99)(?!9)", shape) for shape in shapes if _STAMP.fullmatch(shape))


def has_time(shapes: Iterable[str]) -> bool:
    """Whether there is a time of day in some of the shapes."""
    matches = (_STAMP.fullmatch(shape) for shape in shapes)
    return any(match and (match["time"] or match["solid"]) for match in matches)


def _strptime(match: re.Match[str], order: str | None) -> str:
    if match["solid"]:
        return "%Y%m%d%H%M%S"
    date = _date_format(match["date"], order)
    return (
        date + match["gap"].replace("  ", " ") + _time_format(match["time"], match["half"]) if match["time"] else date
    )


def _date_format(date: str, order: str | None) -> str:
    if date == "99999999":
        return "%Y%m%d"
    month = re.search(r"[A-Za-z]{3}", date)
    marks = re.findall(r"[^9A-Za-z]", date)
    if month:
        return f"%d{marks[0]}%b{marks[1]}%Y"
    first, _, third = re.split(r"[-/.]", date)
    year = "%Y" if "9999" in (first, third) else "%y"
    if first == "9999":
        return f"%Y{marks[0]}%m{marks[1]}%d"
    month_first = order == "M/D/Y" and marks[0] != "."
    days = ("%m", "%d") if month_first else ("%d", "%m")
    return f"{days[0]}{marks[0]}{days[1]}{marks[1]}{year}"


def _time_format(time: str, half: str | None) -> str:
    if ":" not in time:
        return {"9999": "%H%M", "999999": "%H%M%S"}[time]
    bare = time.removesuffix(half) if half else time
    seconds = {1: "%H:%M", 2: "%H:%M:%S"}[bare.count(":")] + (".%n" if "." in bare else "")
    return seconds.replace("%H", "%I") + half.replace(half.strip(), "%p") if half else seconds
