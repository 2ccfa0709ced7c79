"""Numbers and names as people read them, the same in figures and in the terminal."""

import re
from math import floor, isfinite, log10

UNIT_SUFFIXES = ("_s", "_m")
MOST_PLACES = 6
LONGEST_FILE_NAME = 60
MINUS = "−"


def response_words(response: str) -> str:
    """Return a response's name in words; its unit is shown elsewhere: 'dwell_s' -> 'dwell'.

    >>> response_words("left_without_paying")
    'left without paying'
    """
    for suffix in UNIT_SUFFIXES:
        response = response.removesuffix(suffix)
    return response.replace("_", " ")


def difference_words(difference: float, half_width: float, places: int = MOST_PLACES) -> str:
    """Return '+12.3 ± 0.4': as many digits as the half-width makes sense of; '0' when both are exactly 0.

    >>> difference_words(1234.5678, 56.78)
    '+1,235 ± 57'
    """
    if difference == 0 and half_width == 0:
        return "0"
    if not isfinite(half_width):
        return number_words(difference, abs(difference), sign=True, places=places)
    size = half_width or abs(difference)
    words = number_words(difference, size, sign=True, places=places)
    return f"{words} ± {number_words(half_width, size, places=places)}"


def number_words(value: float, size: float, *, sign: bool = False, places: int = MOST_PLACES) -> str:
    """Return a number with the two leading digits of `size` and all before them, at most `places` decimals.

    >>> number_words(-0.01234, 0.0056)
    '−0.0123'
    """
    if not isfinite(value):
        return "unknown"
    wanted = max(1 - floor(log10(size)), 0) if isfinite(size) and size > 0 else 2
    kept = min(wanted, places)
    rounded = round(value, kept) + 0.0
    text = f"{rounded:{'+' if sign and rounded else ''},.{kept}f}"
    return text.replace("-", MINUS)


def file_name(name: str) -> str:
    """Return a name as part of a file name.

    >>> file_name("Cola at the door")
    'cola_at_the_door'
    """
    return re.sub(r"[^\w]+", "_", name.casefold()).strip("_")[:LONGEST_FILE_NAME] or "unnamed"
