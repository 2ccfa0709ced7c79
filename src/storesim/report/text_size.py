"""How much room a text takes, and how it is said in less."""

from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

LINE_HEIGHT = 1.2
LONGEST_SHORT = 14


@lru_cache(maxsize=4096)
def text_size_pt(text: str, size_pt: float) -> tuple[float, float]:
    """Return width and height of a text in points, lines counted."""
    lines = text.split("\n")
    font = FontProperties(family="DejaVu Sans", size=size_pt)
    width = max(text_to_path.get_text_width_height_descent(line, font, False)[0] for line in lines)
    return width, size_pt * LINE_HEIGHT * len(lines)


def shortened(text: str) -> tuple[str, ...]:
    """Return the forms of a name from whole to short: as it is, in two lines, cut."""
    found = [text]
    spaces = [place for place, letter in enumerate(text) if letter == " "]
    if spaces:
        middle = min(spaces, key=lambda place: abs(place - len(text) / 2))
        found.append(f"{text[:middle]}\n{text[middle + 1 :]}")
    if len(text) > LONGEST_SHORT:
        found.append(f"{text[: LONGEST_SHORT - 1].rstrip()}…")
    return tuple(found)
