"""`storesim validate`: published facts, played and compared."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from storesim.cli.options import FILE, workers_option

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from storesim.validate.fact import Fact, Finding

WIDTH = 100
WIDTHS = {"fact": 4, "what": 25, "published": 12, "target": 12, "simulated": 15, "kind": 8, "verdict": 8}
"""Columns of the findings; others are as wide as they must."""


@click.command("validate")
@click.option("--fact", "numbers", type=int, multiple=True, metavar="N", help="Only this fact; may be repeated.")
@click.option(
    "--replications", type=click.IntRange(2, 10_000), metavar="N", help="Days played of each fact; else 30, quick 8."
)
@click.option("--quick", is_flag=True, help="Only facts that few days can show, in a minute.")
@click.option("--out", type=FILE, metavar="DIR", help="Folder for findings.csv, findings.md and findings.png.")
@workers_option
def command(
    numbers: tuple[int, ...], replications: int | None, quick: bool, out: Path | None, workers: int | None
) -> int:
    """Play published facts and compare.

    Says of each what was published, what is simulated, and whether it emerges
    from the model, was fitted, or was typed in. Exit code 1 when a fact that
    should emerge does not.
    """
    from storesim.cli.failures import FAILED, InterruptedRunError
    from storesim.cli.options import processors
    from storesim.cli.progress import progress_bar
    from storesim.validate.fact import broken
    from storesim.validate.facts import FACTS
    from storesim.validate.play import QUICK_REPLICATIONS, REPLICATIONS, play_all
    from storesim.validate.tables import write_findings

    chosen = chosen_facts(FACTS, numbers, quick)
    days = replications or (QUICK_REPLICATIONS if quick else REPLICATIONS)
    try:
        with progress_bar("playing facts") as progress:
            findings = play_all(chosen, days, workers or processors(), progress)
    except KeyboardInterrupt:
        raise InterruptedRunError("nothing was written") from None
    click.echo(report(findings, days))
    if out:
        write_findings(out, findings)
        click.echo(f"Files: {out}")
    return FAILED if broken(findings) else 0


def chosen_facts(facts: "Sequence[Fact]", numbers: "Sequence[int]", quick: bool) -> "list[Fact]":
    """Return the facts asked for, in the order of their numbers.

    Raises:
        WrongInputError: there is no fact of a number; those there are, are listed.
    """
    from storesim.cli.failures import WrongInputError

    there = [fact for fact in facts if fact.quick or not quick]
    listed = ", ".join(dict.fromkeys(str(fact.number) for fact in there))
    missing = sorted(set(numbers) - {fact.number for fact in there})
    if missing:
        which = "quick fact" if quick else "fact"
        raise WrongInputError(f"there is no {which} {missing[0]}; there are {listed}")
    return [fact for fact in there if fact.number in numbers or not numbers]


def report(findings: "Sequence[Finding]", days: int) -> str:
    """Return both tables and a sentence, at most 100 columns wide."""
    import textwrap

    from storesim.validate.fact import broken
    from storesim.validate.tables import FINDING_COLUMNS, FIT_COLUMNS, finding_rows, fit_rows

    emerging = [found for found in findings if found.check.kind == "emerges"]
    held = sum(found.verdict == "holds" for found in emerging)
    words = (
        f"Of {len(emerging)} checks that should emerge {held} hold and {len(broken(findings))} fail; "
        "the intervals of any others lie across an end of the tolerance."
    )
    return "\n".join((
        f"Facts, {days} days each, means ± 95 % half-width",
        _table(FINDING_COLUMNS, finding_rows(findings)),
        "Fitted parameters",
        _table(FIT_COLUMNS, fit_rows()),
        *textwrap.wrap(words, WIDTH),
    ))  # fmt: skip


def _table(head: "Iterable[str]", rows: "Iterable[Iterable[str]]") -> str:
    from rich.box import SIMPLE
    from rich.console import Console
    from rich.table import Table

    table = Table(box=SIMPLE, pad_edge=False, padding=(0, 1, 0, 0))
    for name in head:
        table.add_column(name, width=WIDTHS.get(name))
    for row in rows:
        table.add_row(*row)
    console = Console(width=WIDTH, color_system=None, markup=False, highlight=False)
    with console.capture() as captured:
        console.print(table)
    return "\n".join(line.rstrip() for line in captured.get().strip("\n").splitlines())
