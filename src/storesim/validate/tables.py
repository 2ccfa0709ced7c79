"""Findings and fitted parameters as rows of words, and as files."""

from collections.abc import Iterable, Sequence
from math import isfinite, isnan
from pathlib import Path

from storesim.report.figure_files import save
from storesim.report.words import number_words
from storesim.results.replacing import replacing
from storesim.results.write import Cell, write_csv
from storesim.validate.fact import Check, Finding
from storesim.validate.figure import findings_figure
from storesim.validate.fits import FITS

FINDING_COLUMNS = ("fact", "what", "published", "target", "simulated", "kind", "verdict")
FIT_COLUMNS = ("parameter", "value", "fitted on", "kept for checking")
CSV_COLUMNS = (
    "fact", "title", "check", "source", "setting", "published", "unit", "low", "high", "simulated", "half_width",
    "replications", "kind", "verdict",
)  # fmt: skip
PLACES = 3


def finding_rows(findings: Iterable[Finding]) -> list[tuple[str, ...]]:
    """Return a row of words for each finding, as in FINDING_COLUMNS; the fact's title once."""
    rows: list[tuple[str, ...]] = []
    before = None
    for found in findings:
        title = f"{found.fact.title}: " if found.fact is not before else ""
        rows.append((
            str(found.fact.number) if found.fact is not before else "", f"{title}{found.check.name}",
            found.check.published, target(found.check), simulated(found), found.check.kind, found.verdict,
        ))  # fmt: skip
        before = found.fact
    return rows


def fit_rows() -> list[tuple[str, ...]]:
    """Return a row of words for each fitted parameter, as in FIT_COLUMNS."""
    return [
        (
            fit.parameter,
            f"{fit.value:g}",
            *("; ".join(f"{n} {name}".rstrip() for n, name in names) for names in columns),
        )
        for fit in FITS
        for columns in ((fit.fitted_on, fit.kept),)
    ]


def target(check: Check) -> str:
    """Return the tolerance in words: '300 to 550 m', 'above 0'; none where nothing is gated."""
    if check.kind == "reported":
        return ""
    unit = f" {check.unit}" if check.unit else ""
    if not isfinite(check.high):
        return f"above {check.low:g}{unit}"
    return f"{check.low:g} to {check.high:g}{unit}" if isfinite(check.low) else f"below {check.high:g}{unit}"


def simulated(found: Finding) -> str:
    """Return '0.31 ± 0.02 m'."""
    mean, half_width = found.simulated.mean, found.simulated.half_width
    size = abs(mean) / 10 if isnan(half_width) or half_width == 0 else half_width
    spread = "" if isnan(half_width) else f" ± {number_words(half_width, size, places=PLACES)}"
    return f"{number_words(mean, size, places=PLACES)}{spread} {found.check.unit}".rstrip()


def write_findings(folder: Path, findings: Sequence[Finding]) -> None:
    """Write findings.csv, findings.md and findings.png; the folder is made when it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder / "findings.csv", CSV_COLUMNS, map(_cells, findings))
    with replacing(folder / "findings.md") as file:
        file.write_text(markdown(findings), encoding="utf-8")
    save(findings_figure(findings), folder / "findings")


def _cells(found: Finding) -> tuple[Cell, ...]:
    fact, check = found.fact, found.check
    low, high = (bound if isfinite(bound) else None for bound in (check.low, check.high))
    return (
        fact.number, fact.title, check.name, fact.source, fact.setting, check.published, check.unit, low, high,
        found.simulated.mean, found.simulated.half_width, found.simulated.replications, check.kind, found.verdict,
    )  # fmt: skip


def markdown(findings: Sequence[Finding]) -> str:
    """Return both tables, and where each fact comes from and is played, as Markdown."""
    facts = dict.fromkeys(found.fact for found in findings)
    settings = [(str(fact.number), fact.title, fact.source, fact.setting) for fact in facts]
    tables = (
        ("Findings", FINDING_COLUMNS, finding_rows(findings)),
        ("Where each fact is played", ("fact", "title", "source", "setting"), settings),
        ("Fitted parameters", FIT_COLUMNS, fit_rows()),
    )
    return "\n".join(f"## {title}\n\n{_table(head, rows)}" for title, head, rows in tables)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = (" | ".join(cell.replace("|", "\\|") for cell in row) for row in (head, ["---"] * len(head), *rows))
    return "".join(f"| {line} |\n" for line in lines)
