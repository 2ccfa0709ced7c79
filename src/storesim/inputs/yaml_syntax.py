"""What the YAML parser complains about, in words that name the remedy."""

import re
from collections.abc import Sequence

import yaml

from storesim.inputs.mistakes import Mark, Mistakes

_COMPLAINTS: tuple[tuple[str, str], ...] = (
    (
        "mapping values are not allowed",
        "a ': ' where none can be; quote a text that holds it, or check the indentation",
    ),
    ("',' or '}'", "'{{' of line {opened} is not closed by '}}', or a comma is missing"),
    ("',' or ']'", "'[' of line {opened} is not closed by ']', or a comma is missing"),
    ("node content", "a value is missing or out of place; check commas and brackets"),
    ("expected key", "this does not line up with the keys above; check the indentation"),
    ("block end", "this does not line up with the keys above; check the indentation"),
    ("'-' indicator", "this does not line up with the list above; check the indentation"),
    ("end of stream", "a quote opened in line {opened} is not closed; close it"),
    ("document separator", "a quote opened in line {opened} is not closed; close it"),
    ("expected ':'", "a ':' is missing after this key; write key: value"),
    ("document start", "text after the end of the document; check the indentation of this line"),
    ("escape", "unknown escape after a backslash; use single quotes"),
    ("block entries", "a list cannot begin here; put the '-' on a line of its own"),
)


def syntax_mistake(path: str, lines: Sequence[str], error: yaml.MarkedYAMLError, mistakes: Mistakes) -> None:
    """Add the mistake that made the parser give up."""
    no_colon = "expected ':'" in str(error.problem)
    place = (error.context_mark if no_colon else error.problem_mark) or error.problem_mark
    line, col = (place.line, place.column) if place else (0, 0)
    opened = error.context_mark.line if error.context_mark else line
    what = _complaint(str(error.problem), lines, line, col).format(opened=opened + 1)
    mistakes.add(Mark(path, line + 1, col + 1), what + _cut(lines, opened, line))


def _complaint(problem: str, lines: Sequence[str], line: int, col: int) -> str:
    if "cannot start any token" in problem:
        character = lines[line][col : col + 1] if line < len(lines) else ""
        if character == "\t":
            return "a tab cannot indent; use spaces"
        return f"a text cannot begin with {character.replace('{', '{{').replace('}', '}}')!r}; quote it"
    found = next((words for sign, words in _COMPLAINTS if sign in problem), None)
    return found or "this is not YAML; check quotes, brackets and indentation"


def _cut(lines: Sequence[str], first: int, last: int) -> str:
    """Return a hint when a '#' inside braces or brackets made a comment of what should have closed them."""
    for number, text in enumerate(lines[first : last + 1], start=first + 1):
        cut = re.search(r"[\[{,:]\s*([^\[\]{},:'\"]*? #[^\s,}\]]+).*[}\]]", text)
        if cut:
            return f"; in line {number} a '#' begins a comment: quote it: '{cut[1].strip()}'"
    return ""
