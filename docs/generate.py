"""Fills reference pages from the code when the docs are built: what a page says is what the code does.

A line `<!-- generated: NAME -->` is replaced by what the function of that name below returns.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from storesim.cli.group import COMMANDS, storesim
from storesim.inputs.kinds import KINDS
from storesim.inputs.parameters import Parameters, provenance
from storesim.inputs.schema import CSV
from storesim.results.responses import AT_WORK, RESPONSES

MARK = re.compile(r"<!-- generated: (\w+) -->")
GOOD = {"higher": "more is better", "lower": "less is better", "reader": "for the reader to judge"}


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Replace the marks of a page; mkdocs calls this for every page."""
    return MARK.sub(lambda mark: PARTS[mark[1]](), markdown)


def responses() -> str:
    """Return every response with its unit and definition."""
    return "\n\n".join(
        f"## {response.name}\n\nUnit: {response.unit}; {GOOD[response.better]}.\n\n{_paragraphs(response.definition)}"
        for response in (*RESPONSES, *(response for _, found in AT_WORK for response in found))
    )


def parameters() -> str:
    """Return a table of all parameters."""
    return _table(("parameter", "default", "unit", "status", "may be", "source"), _parameter_rows())


def _parameter_rows() -> Iterator[tuple[str, ...]]:
    for name, field in Parameters.model_fields.items():
        mark = provenance(name)
        span = "" if mark.low is None else f"{mark.low:g} to {mark.high:g}"
        yield f"`{name}`", f"{field.default:g}", mark.unit, mark.status, span, mark.source


def commands() -> str:
    """Return the help of every command."""
    context = click.Context(storesim, info_name="storesim")
    parts = []
    for name in COMMANDS:
        command = storesim.get_command(context, name)
        if command is not None:
            words = command.get_help(click.Context(command, parent=context, info_name=name))
            parts.append(f"## {name}\n\n```\n{words}\n```")
    return "\n\n".join(parts)


def columns() -> str:
    """Return the columns of every CSV file."""
    return "\n\n".join(
        f"### {kind}\n\n"
        + _table(
            ("column", "what stands in it", "without it"),
            ((f"`{c.name}`", c.what, "required" if c.default is None else c.default) for c in kinds),
        )
        for kind, kinds in CSV.items()
    )


def fixture_kinds() -> str:
    """Return the table of fixture kinds."""
    rows = ((f"`{name}`", f"{kind.height_m:g} m", str(kind.levels)) for name, kind in KINDS.items())
    return _table(("kind", "height", "levels"), rows)


def _table(head: tuple[str, ...], rows: Any) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def _paragraphs(docstring: str) -> str:
    return "\n".join(line.strip() for line in docstring.strip().splitlines())


def findings() -> str:
    """Return the tables of the last `storesim validate --out docs/validation`."""
    return Path(__file__).with_name("validation").joinpath("findings.md").read_text(encoding="utf-8")


PARTS = {part.__name__: part for part in (responses, parameters, commands, columns, fixture_kinds, findings)}
