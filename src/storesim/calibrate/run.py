"""The whole way from points of sale to a folder of files, written whole or not at all."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from storesim.calibrate.against import BARS, differences
from storesim.calibrate.cleaning import Cleaned, clean
from storesim.calibrate.customers_file import read_customers
from storesim.calibrate.displays import Displayed, displayed
from storesim.calibrate.extract import Pos, open_pos
from storesim.calibrate.figures import draw_all
from storesim.calibrate.fit import Fit, fit_store
from storesim.calibrate.laws import fit_laws
from storesim.calibrate.names_file import Words, read_names
from storesim.calibrate.needs import sklearn
from storesim.calibrate.privacy import LEAST
from storesim.calibrate.promotions_file import read_promotions
from storesim.calibrate.report import (
    Section,
    cleaning_section,
    columns_section,
    customers_section,
    effects_section,
    markdown,
    missions_section,
    store_section,
    walking_section,
)
from storesim.calibrate.solved import Progress, Store, check_store
from storesim.calibrate.whole import add_provenance, whole_folder
from storesim.calibrate.written import write
from storesim.inputs.mistakes import InputError, Mistakes

Tell = Callable[[Section], None]


@dataclass(frozen=True)
class Request:
    """What the user asks for."""

    pos: tuple[Path, ...]
    out: Path
    store: Store | None = None
    columns: Path | None = None
    names: Path | None = None
    customers: Path | None = None
    promotions: Path | None = None
    timezone: str | None = None
    holdout: tuple[date, date] | None = None
    drop_departments: tuple[str, ...] = ()
    least: int = LEAST
    seed: int = 1
    """Of the samples that missions and tiers are found on, and of k-means."""
    opening_hours: tuple[int, int] | None = None
    """First and last hour (its end); None: guessed."""


@dataclass(frozen=True, eq=False)
class _Read:
    """The extract, cleaned, and what the tables beside it say."""

    pos: Pos
    cleaned: Cleaned
    words: Words | None
    item: str
    """Column of `clean` that prices and promotions are followed by."""
    forgotten: int
    """Lines of customers who did not consent."""


def calibrate(request: Request, tell: Tell, progress: Progress) -> tuple[Section, ...]:
    """Calibrate and write the folder `request.out`; return what the report says.

    Args:
        request: the files and choices.
        tell: is given each section of the report as soon as it is known.
        progress: is told what is going on, steps done, and steps in all.

    Raises:
        FileExistsError: the folder is there already.
        InputError: files are wrong; with all that was found.
        MissingPartError: scikit-learn is not installed.
        CannotFitError: walking cannot be fitted to the recorded trips.
    """
    sklearn("cluster")
    sections: list[Section] = []

    def say(section: Section) -> None:
        sections.append(section)
        tell(section)

    with whole_folder(request.out) as folder:
        with ExitStack() as stack:
            read = _read(request, stack, progress)
            say(columns_section(read.pos))
            say(cleaning_section(read.cleaned, read.forgotten))
            _fit(request, read, folder, say, progress)
        (folder / "report.md").write_text(markdown(sections), encoding="utf-8", newline="\n")
    return tuple(sections)


def _read(request: Request, stack: ExitStack, progress: Progress) -> _Read:
    """Read everything that the user gives; all mistakes in all files are told together."""
    mistakes = Mistakes()
    words = read_names(request.names, mistakes) if request.names else None
    if request.store:
        check_store(request.store, mistakes)
    try:
        pos = stack.enter_context(open_pos(request.pos, request.columns, progress))
    except InputError as error:
        raise InputError([*mistakes.found, *error.mistakes]) from None
    forgotten = pos.without_consent
    if request.customers:
        forgotten += read_customers(pos, request.customers, mistakes)
    item = "sku"
    if request.promotions:
        progress("reading promotions", 0, 1)
        item = read_promotions(pos.db, request.promotions, mistakes) or item
    mistakes.raise_if_any()
    cleaned = clean(
        pos, drop_departments=request.drop_departments, timezone=request.timezone, holdout=request.holdout,
        progress=lambda done, total: progress("cleaning", done, total),
    )  # fmt: skip
    _check_fitted(request, pos)
    return _Read(pos, cleaned, words, item, forgotten)


def _check_fitted(request: Request, pos: Pos) -> None:
    """Refuse a holdout that leaves nothing to fit, or nothing to check."""
    mistakes = Mistakes()
    span = [pos.db.execute(f"SELECT min(t)::DATE, max(t)::DATE FROM {table}").fetchall()[0]
            for table in ("clean", "held_out", "whole")]  # fmt: skip
    (fitted, _), (held, _), (first, last) = span
    if fitted is None or (request.holdout and held is None):
        what = "everything" if fitted is None else "nothing"
        mistakes.add(request.pos[0], f"--holdout holds {what} back; the data run from {first} to {last}")
    mistakes.raise_if_any()


def _fit(request: Request, read: _Read, folder: Path, say: Tell, progress: Progress) -> None:
    """Find the laws, write them, and compare the store with the data where there is one."""
    db = read.pos.db
    calibrated = fit_laws(
        db, request.least, read.item, words=read.words, seed=request.seed, opening_hours=request.opening_hours,
        progress=lambda done, total: progress("finding laws", done, total),
    )  # fmt: skip
    write(calibrated, folder)
    for section in (missions_section, effects_section, customers_section):
        say(section(calibrated))
    entries: dict[str, Any] = {"source": _source(read)}
    if request.store is None:
        say(walking_section(None))
    else:
        fit = fit_store(db, calibrated, request.store, folder, request.out, progress)
        say(walking_section(fit.solved.walking))
        displays = displayed(db, calibrated) if request.promotions and fit.held_out else None
        say(store_section(fit, displays))
        draw_all(fit, folder / "figures", request.least)
        entries["store"] = _store(fit, displays)
        if fit.solved.walking:
            entries["walking"] = fit.solved.walking.fitted.provenance()
    add_provenance(folder / "calibration.json", entries)


def _source(read: _Read) -> dict[str, Any]:
    return {
        "files": [path.name for path in read.pos.files],
        "columns": {role: name for role, name, _ in read.pos.columns.table()},
        "unreadable_rows": read.pos.unreadable,
        "cleaning": {rule.name: rule.lines for rule in read.cleaned.rules if rule.lines},
        "lines": read.cleaned.lines,
        "baskets": read.cleaned.baskets,
        "clock": read.cleaned.clock.why,
        "customers_forgotten_lines": read.forgotten,
    }


def _store(fit: Fit, displays: Displayed | None) -> dict[str, Any]:
    compared = {"fitted": differences(fit.fitted, fit.played)}
    if fit.held_out:
        compared["held_out"] = differences(fit.held_out, fit.played)
        compared["held_out_against_fitted_data"] = differences(fit.held_out, fit.fitted)
    return {
        "conversion.csv": {"status": "solved", "how": "so that the simulated store sells what was observed"},
        "penetration_off_by_round": [round(off, 6) for off in fit.solved.convergence],
        "differences": {which: {name: round(value, 6) for name, value in found.items()}
                        for which, found in compared.items()},
        "bars": {name: list(bars) for name, bars in BARS.items()},
        "units_on_display": None if displays is None else {
            "rows": displays.rows, "off": round(displays.off, 6), "off_without": round(displays.off_without, 6),
        },
        "no_home": list(fit.matched.no_home),
        "no_data": list(fit.matched.no_data),
    }  # fmt: skip
