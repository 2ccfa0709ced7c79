"""Markup put together element by element: whatever is not markup already is escaped."""

from collections.abc import Iterable

from markupsafe import Markup, escape

PLACES = 2
"""Decimals of a coordinate: a hundredth of a pixel."""
WITHOUT_END = frozenset(
    {"br", "circle", "ellipse", "hr", "image", "img", "input", "line", "path", "polygon", "polyline", "rect", "stop",
     "use", "col"}
)  # fmt: skip
Child = str | float | Markup | None
Attribute = str | float | bool | None
NOTHING = Markup()


def tag(name: str, /, *children: Child, **attributes: Attribute) -> Markup:
    """Return one element of HTML or SVG.

    Underscores in the names of attributes become hyphens and one at the end is dropped (`class_`, `for_`). Numbers
    are written with at most PLACES decimals; an attribute that is True stands without a value, one that is False or
    None is left out, and so is a child that is None.

    >>> print(tag("text", "a < b", font_size=10.0, class_="c-label", hidden=False))
    <text font-size="10" class="c-label">a &lt; b</text>
    """
    head = f"{name}{''.join(_attribute(key, value) for key, value in attributes.items())}"
    if name in WITHOUT_END and not children:
        return Markup(f"<{head}/>")  # noqa: S704 - the attributes are escaped, the name is ours
    return Markup(f"<{head}>{joined(children)}</{name}>")  # noqa: S704 - the children are escaped


def joined(children: Iterable[Child]) -> Markup:
    """Return children one after the other, escaped unless they are markup."""
    return NOTHING.join(escape(number(child) if isinstance(child, int | float) else child)
                        for child in children if child is not None)  # fmt: skip


def number(value: float) -> str:
    """Return a coordinate with fixed precision and no more digits than it needs.

    >>> number(1.0), number(-0.001), number(2.345678)
    ('1', '0', '2.35')
    """
    text = f"{value:.{PLACES}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def numbers(*values: float) -> str:
    """Return coordinates as a list in an attribute: '0 0 44 32'."""
    return " ".join(number(value) for value in values)


def path_of(points: Iterable[tuple[float, float]], closed: bool = True) -> str:
    """Return the `d` of a path through points.

    >>> path_of([(0, 0), (2, 0), (2, 1.5)])
    'M0 0L2 0L2 1.5Z'
    """
    return f"M{'L'.join(numbers(*point) for point in points)}{'Z' if closed else ''}"


def _attribute(key: str, value: Attribute) -> Markup:
    if value is None or value is False:
        return NOTHING
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return Markup(" {}").format(name)
    return Markup(' {}="{}"').format(name, number(value) if isinstance(value, int | float) else value)
