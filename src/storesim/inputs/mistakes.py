"""Mistakes in the user's files: collected all together, each with its place and its remedy."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from os.path import normpath
from pathlib import Path
from typing import NamedTuple

from storesim.inputs.case import SourceFile

MOST_MISTAKES = 300
"""After so many mistakes reading stops: nobody mends more at once, and suggestions cost time."""
LONGEST_QUOTE = 60
MOST_CHOICES = 8


class Mark(NamedTuple):
    """A place in a file; line and column count from 1."""

    path: str
    line: int = 1
    col: int = 1


@dataclass(frozen=True, order=True)
class Mistake:
    """One thing that is wrong in a file: `what` says it and, after a semicolon, what would be right."""

    path: str
    line: int
    col: int
    what: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.col}: {self.what}"


class InputError(Exception):
    """The input is wrong: every mistake that was found, sorted by place, each once."""

    def __init__(self, mistakes: Iterable[Mistake], *, stopped: bool = False) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        self.stopped = stopped
        """Whether reading stopped early because there were too many."""
        super().__init__(self.mistakes)

    def __str__(self) -> str:
        lines = [str(mistake) for mistake in self.mistakes]
        if self.stopped:
            lines.append(f"stopped after {MOST_MISTAKES} mistakes; mend these first")
        return "\n".join(lines)


class Mistakes:
    """Collects mistakes while files are read, and remembers which files were."""

    def __init__(self) -> None:
        self._found: set[Mistake] = set()
        self.sources: list[SourceFile] = []
        """Every file read so far, each once, in the order of reading."""

    def add(self, where: Mark | Path | str, what: str) -> None:
        """Note a mistake at a mark, or at the head of a file.

        Raises:
            InputError: there are now `MOST_MISTAKES`.
        """
        mark = where if isinstance(where, Mark) else Mark(shown(where))
        self._found.add(Mistake(*mark, what))
        if len(self._found) >= MOST_MISTAKES:
            raise InputError(self._found, stopped=True)

    def add_source(self, path: Path, content: bytes) -> None:
        """Remember a file that was read, for the run directory."""
        if all(source.path != path for source in self.sources):
            self.sources.append(SourceFile(path, content))

    def take_over(self, other: "Mistakes") -> None:
        """Add everything that another collection holds."""
        for source in other.sources:
            self.add_source(source.path, source.content)
        for mistake in other.found:
            self.add(Mark(mistake.path, mistake.line, mistake.col), mistake.what)

    @property
    def found(self) -> tuple[Mistake, ...]:
        """The mistakes so far, sorted by place."""
        return tuple(sorted(self._found))

    def __len__(self) -> int:
        return len(self._found)

    def raise_if_any(self) -> None:
        """End the reading when anything is wrong.

        Raises:
            InputError: with all mistakes, if there are any.
        """
        if self._found:
            raise InputError(self._found)


def shown(path: Path | str) -> str:
    """Return a path as it stands in messages: as the user gave it, without detours."""
    return normpath(str(path))


def quoted(value: object) -> str:
    """Return a value as it stands in messages: text in quotes, long ones cut, never more than a line."""
    text = value[: LONGEST_QUOTE + 1] if isinstance(value, str) else str(value)
    text = text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"
    return repr(text) if isinstance(value, str) else text


def quoted_path(path: Path | str) -> str:
    """Return a path as it stands in messages, in quotes; of a long one the end, which tells more."""
    text = shown(path)
    return repr(text if len(text) <= LONGEST_QUOTE else f"…{text[-LONGEST_QUOTE:]}")


def did_you_mean(name: str, choices: Iterable[str]) -> str:
    """Return "; did you mean 'produce'?" when one of the choices comes near, else "". Case does not count."""
    by_folded = {choice.casefold(): choice for choice in choices}
    close = get_close_matches(name[:LONGEST_QUOTE].casefold(), by_folded, n=1)
    return f"; did you mean {quoted(by_folded[close[0]])}?" if close else ""


def suggest(name: str, choices: Iterable[str]) -> str:
    """Return `did_you_mean`, or else the first few choices: "; choose from 'a', 'b', …"."""
    listed = list(choices)
    near = did_you_mean(name, listed)
    if near or not listed:
        return near
    more = ", …" if len(listed) > MOST_CHOICES else ""
    return f"; choose from {', '.join(quoted(choice) for choice in listed[:MOST_CHOICES])}{more}"
