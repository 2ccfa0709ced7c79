"""Finished replications on disk: each in a file of its own, whole or not there, under a key of its inputs."""

import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from storesim.experiment.digest import digest
from storesim.experiment.replication import Outcome
from storesim.results.interrupts import interrupts_put_off
from storesim.results.replacing import replacing
from storesim.results.responses import RESPONSES
from storesim.results.table import Table
from storesim.results.tables import KINDS, Tables

Floats = NDArray[np.float64]
Arrays = Mapping[str, np.ndarray]
UNREADABLE = (OSError, ValueError, KeyError, EOFError, MemoryError, zipfile.BadZipFile, zlib.error)
"""What a file raises that something else wrote, or cut; it counts as not there."""


@dataclass(frozen=True)
class Finished:
    """The finished replications of one experiment."""

    folder: Path
    """Named after the key: replications of other inputs are elsewhere."""
    variants: int
    responses: int = len(RESPONSES)

    @classmethod
    def of(cls, folder: Path, key: str, variants: int, responses: int = len(RESPONSES)) -> "Finished":
        """Return those under a key in the folder of a run."""
        return cls(folder / "finished" / key, variants, responses)

    def named(self) -> list[int]:
        """Return the replications that there are files of, in order; whether they can be read is not looked at."""
        return sorted(int(path.stem) for path in self.folder.glob("*.npz") if path.stem.isdigit())

    def numbers(self) -> list[int]:
        """Return which replications are finished, in order."""
        return [number for number in self.named() if self.read(number) is not None]

    def keep(self, outcome: Outcome) -> None:
        """Write an outcome."""
        arrays, path = _arrays(outcome), self._path(outcome.replication)
        # An archive that a Ctrl-C strikes complains once more when Python drops it.
        with interrupts_put_off(), replacing(path) as temporary, temporary.open("wb") as stream:
            _write_npz(stream, arrays)

    def read(self, replication: int) -> Outcome | None:
        """Return an outcome; None when it is not there, or cannot be made sense of."""
        try:
            with self._path(replication).open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
                return _outcome(replication, (self.variants, self.responses), arrays)
        except UNREADABLE:
            return None

    def upto(self, replications: int) -> Iterator[Outcome]:
        """Yield the outcomes of the first replications, one after the other, until one is not there."""
        for replication in range(replications):
            outcome = self.read(replication)
            if outcome is None:
                return
            yield outcome

    def sets(self, settings: Iterable[object], replications: int) -> "FinishedSets":
        """Return the finished ones of some sets, told apart by their settings."""
        digests = tuple(digest((one, replications)) for one in settings)
        return FinishedSets(self.folder / "sets", digests, (replications, self.variants, self.responses))

    def _path(self, replication: int) -> Path:
        return self.folder / f"{replication:04d}.npz"


@dataclass(frozen=True)
class FinishedSets:
    """The finished ones of the sets that an experiment is played again under, in files of their own."""

    folder: Path
    digests: tuple[str, ...]
    """Of each set."""
    shape: tuple[int, int, int]
    """Of the responses of a set: (replications, variants, responses)."""

    def keep(self, number: int, days: Floats) -> None:
        """Write the responses of a set."""
        with replacing(self._path(number)) as temporary, temporary.open("wb") as stream:
            np.save(stream, days, allow_pickle=False)

    def read(self, number: int) -> Floats | None:
        """Return the responses of a set; None when they are not there, or cannot be made sense of."""
        try:
            with self._path(number).open("rb") as stream:
                days: Floats = np.load(stream, allow_pickle=False)
        except UNREADABLE:
            return None
        return days if days.shape == self.shape else None

    def _path(self, number: int) -> Path:
        return self.folder / f"{self.digests[number]}.npy"


def _write_npz(stream: IO[bytes], arrays: Arrays) -> None:
    """Write named arrays as NumPy's compressed archive, at the fastest level: a third of the time, a tenth larger."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w", force_zip64=True) as member:
                np.lib.format.write_array(member, array, allow_pickle=False)


def _arrays(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome as named arrays."""
    found = {"responses": outcome.responses}
    for variant, (tables, flow) in enumerate(zip(outcome.tables, outcome.flows, strict=True)):
        found[f"{variant}/flow"] = flow
        for name, table in tables.there():
            found |= {f"{variant}/{name}/{column}": getattr(table, column) for column in table.columns()}
    return found


def _outcome(replication: int, shape: tuple[int, int], arrays: Arrays) -> Outcome:
    """Return the outcome that named arrays say.

    Raises:
        KeyError: one is missing.
        ValueError: there is another number of variants or responses.
    """
    responses, variants = arrays["responses"], shape[0]
    if responses.shape != shape:
        raise ValueError(f"responses of shape {responses.shape}")
    return Outcome(
        replication=replication,
        responses=responses,
        tables=tuple(_tables(variant, arrays) for variant in range(variants)),
        flows=tuple(arrays[f"{variant}/flow"] for variant in range(variants)),
    )


def _tables(variant: int, arrays: Arrays) -> Tables:
    there = {name: kind for name, kind in KINDS.items() if f"{variant}/{name}/{kind.columns()[0]}" in arrays}
    return Tables.of({name: _table(kind, f"{variant}/{name}", arrays) for name, kind in there.items()})


def _table(kind: type[Table], name: str, arrays: Arrays) -> Table:
    return kind(*(arrays[f"{name}/{column}"] for column in kind.columns()))
