"""What a part of the page hands to the page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from storesim.report.page.numbers import Numbers
from storesim.report.run_directory import RunDirectory


@dataclass(frozen=True)
class Section:
    """One part of the page, under its own heading."""

    id: str
    """Anchor in the page, such as 'plans'; letters, digits and hyphens."""
    title: str
    """Plain text; the page escapes it."""
    body: Markup
    """Made by the templates or by `svg.tag`, so that whatever comes from a file is escaped."""
    data: Mapping[str, object] = field(default_factory=dict)
    """What the part's script reads, as JSON in the element `ID-data`; {}: nothing."""


SectionMaker = Callable[[RunDirectory, Numbers], Section | list[Section] | None]
"""Makes a part of the page, or several; None or none when the run has nothing to show there."""
