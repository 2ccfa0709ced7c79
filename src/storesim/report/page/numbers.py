"""Numbers as the readers of a scenario's locale write them: the only place of the page that formats any."""

from collections.abc import Callable
from functools import cached_property
from math import floor, isfinite, log10

from babel import Locale
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_symbol, get_minus_sign_symbol

MINUS = "−"
SPACE = "\u00a0"
"""Between a number and its unit: no line breaks there."""
MOST_PLACES = 6
SECONDS_PER_MIN, SECONDS_PER_H = 60, 3600


def places_of(size: float) -> int:
    """Return the decimals that show the two leading digits of `size`, at most MOST_PLACES.

    >>> places_of(57), places_of(0.0056)
    (0, 4)
    """
    if not isfinite(size) or size <= 0:
        return 2
    return min(max(1 - floor(log10(size)), 0), MOST_PLACES)


def _places(value: float, size: float | None) -> int:
    if size is None:
        return places_of(abs(value) / 10) if value else 0
    return places_of(size)


class Numbers:
    """Formats numbers for one locale and currency; what is not a number is a dash.

    `size` is what a number's digits are chosen by: its two leading digits and all before them are shown. Without
    it a number has three leading digits, and all before the decimal point.
    """

    unknown = "–"

    def __init__(self, locale: str, currency: str) -> None:
        """Take a locale such as 'de-DE' and a currency such as 'EUR'.

        Raises:
            babel.UnknownLocaleError: there is no such locale.
        """
        self.locale = Locale.parse(locale, sep="-")
        self.currency = currency

    def plain(self, value: float | None, size: float | None = None) -> str:
        """Return '1,235': a number with the digits that `size` makes sense of."""
        return self._worded(value, size, sign=False)

    def signed(self, value: float | None, size: float | None = None) -> str:
        """Return '+1,235' or '−1,235'; 0 has no sign."""
        return self._worded(value, size, sign=True)

    def percent(self, share: float | None, places: int = 1, sign: bool = False) -> str:
        """Return a share as '3.1%'."""
        if share is None or not isfinite(share):
            return self.unknown
        head, _, tail = self.locale.percent_formats[None].pattern.rpartition("0")
        pattern = f"{head}0{'.' if places else ''}{'0' * places}{tail}"
        return self._with_sign(
            round(share, places + 2), sign, lambda value: format_percent(value, pattern, self.locale)
        )

    def interval(self, low: float | None, high: float | None) -> str:
        """Return '2.4 to 3.8', both with the digits that half their distance makes sense of."""
        if low is None or high is None or not (isfinite(low) and isfinite(high)):
            return self.unknown
        size = (high - low) / 2 or abs(high)
        return f"{self.plain(low, size)} to {self.plain(high, size)}"

    def difference(self, mean: float | None, half_width: float | None) -> str:
        """Return '+1,235 ± 57'; '0' when both are 0 but for noise, the mean alone when no half-width is known."""
        if mean is None or not isfinite(mean):
            return self.unknown
        if half_width is None or not isfinite(half_width):
            return self.signed(mean)
        if round(mean, MOST_PLACES) == 0 and round(half_width, MOST_PLACES) == 0:
            return self.plain(0.0)
        size = half_width or abs(mean)
        return f"{self.signed(mean, size)} ± {self.plain(half_width, size)}"

    def money(self, value: float | None, size: float | None = None, sign: bool = False) -> str:
        """Return an amount with its currency: '$1,235' or, in de-DE, '1.235 $'."""
        if value is None or not isfinite(value):
            return self.unknown
        places = _places(value, size)
        pattern = self._money_pattern.replace("0.00", f"0{'.' if places else ''}{'0' * places}")
        return self._with_sign(
            round(value, places),
            sign,
            lambda value: format_currency(value, self.currency, pattern, self.locale, currency_digits=False),
        )

    def clock(self, seconds: float | None) -> str:
        """Return seconds after midnight as '16:30'."""
        if seconds is None or not isfinite(seconds):
            return self.unknown
        minutes = int(seconds // SECONDS_PER_MIN)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    def duration(self, seconds: float | None, size: float | None = None) -> str:
        """Return '1 h 05 min', '11 min 36 s' or, below a minute, '1.44 s' with the digits of `size`."""
        if seconds is None or not isfinite(seconds):
            return self.unknown
        if abs(seconds) < SECONDS_PER_MIN:
            return f"{self.plain(seconds, size)}{SPACE}s"
        sign, whole = MINUS if seconds < 0 else "", round(abs(seconds))
        if whole < SECONDS_PER_H:
            return f"{sign}{whole // SECONDS_PER_MIN}{SPACE}min {whole % SECONDS_PER_MIN}{SPACE}s"
        minutes = round(whole / SECONDS_PER_MIN)
        return f"{sign}{self.plain(minutes // 60, 10)}{SPACE}h {minutes % 60:02d}{SPACE}min"

    def _worded(self, value: float | None, size: float | None, sign: bool) -> str:
        if value is None or not isfinite(value):
            return self.unknown
        places = _places(value, size)
        pattern = f"{self._decimal_head}{'.' if places else ''}{'0' * places}"
        return self._with_sign(round(value, places), sign, lambda value: format_decimal(value, pattern, self.locale))

    def _with_sign(self, value: float, sign: bool, words: Callable[[float], str]) -> str:
        """Return a number with a real minus sign where the locale puts its own, and a plus there when wanted."""
        own = get_minus_sign_symbol(self.locale)
        turned = value > 0 and sign
        text = words(-value if turned else value + 0.0)
        return text.replace(own, "-").replace("-", "+" if turned else MINUS)

    @cached_property
    def _decimal_head(self) -> str:
        """The locale's pattern of whole numbers: '#,##0', or '#,##,##0'."""
        pattern: str = self.locale.decimal_formats[None].pattern
        return pattern.partition(".")[0]

    @cached_property
    def _money_pattern(self) -> str:
        """The locale's pattern of money; letters keep off the digits: 'CHF 5', but '$5'."""
        pattern: str = self.locale.currency_formats["standard"].pattern
        symbol = get_currency_symbol(self.currency, self.locale)
        return pattern.replace("¤#", f"¤{SPACE}#") if symbol[-1:].isalpha() else pattern
