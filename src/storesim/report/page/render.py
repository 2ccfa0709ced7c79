"""Templates of the page: whatever they are given is escaped unless it is Markup already."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "templates"


def render(name: str, **values: object) -> Markup:
    """Return a template of the package filled in; a value that it needs and does not get is an error."""
    return Markup(_environment().get_template(f"{name}.html.j2").render(values))  # noqa: S704  escaped by Jinja2


@cache
def _environment() -> Environment:
    loader = FileSystemLoader(TEMPLATES)
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
