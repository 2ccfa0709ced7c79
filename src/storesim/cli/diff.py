"""`storesim diff`: what differs between two layouts, or two variants of a scenario."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from storesim.cli.figure_name import FIGURE
from storesim.cli.options import FILE

if TYPE_CHECKING:
    from storesim.report.diff import Amount, Change, Diff

WIDTH = 80


@click.command("diff")
@click.argument("what", nargs=-1, required=True, metavar="A B | SCENARIO VARIANT VARIANT")
@click.option(
    "--planogram", "planograms", type=FILE, multiple=True, metavar="FILE",
    help="What stands in A, and again for B; else planogram_NAME.csv beside NAME.yaml.",
)  # fmt: skip
@click.option("--out", type=FIGURE, metavar="FILE", help="Draw both plans, as .png, .svg or .pdf.")
def command(what: tuple[str, ...], planograms: tuple[Path, ...], out: Path | None) -> None:
    """Tell what differs between two stores.

    A and B are layouts; or name a scenario and two of its variants. Tells which
    fixtures and products moved from where to where, shelf metres per category,
    walkable area and promotions.
    """
    found = _of_layouts(what, planograms) if len(what) == 2 else _of_variants(what, planograms)
    for line in lines(found):
        click.echo(line)
    if out:
        from storesim.report.diff_figure import diff_figure
        from storesim.report.figure_files import format_named, save

        click.echo(save(diff_figure(found), out.with_suffix(""), format_named(out.suffix)))


def _of_layouts(what: tuple[str, ...], planograms: tuple[Path, ...]) -> "Diff":
    from storesim.inputs.stocked import load_stocked
    from storesim.report.diff import Side, diff

    if len(planograms) not in (0, 2):
        given = "once" if len(planograms) == 1 else f"{len(planograms)} times"
        raise click.UsageError(f"--planogram is given {given}; give it twice, for A and for B")
    files = planograms or (None, None)
    stocked = load_stocked([(Path(name), file) for name, file in zip(what, files, strict=True)])
    names = [one.plan.name for one in stocked]
    if names[0] == names[1]:
        names = [Path(name).stem for name in what]
    sides = [Side(name, one.plan, one.placements) for name, one in zip(names, stocked, strict=True)]
    return diff(sides[0], sides[1], {})


def _of_variants(what: tuple[str, ...], planograms: tuple[Path, ...]) -> "Diff":
    from storesim.cli.failures import WrongInputError
    from storesim.inputs.load import load_scenario
    from storesim.inputs.names import Names
    from storesim.report.diff import Side, diff

    if len(what) != 3:
        raise click.UsageError("name two layouts, or a scenario and two of its variants")
    if planograms:
        raise click.UsageError("variants have planograms of their own; leave out --planogram")
    scenario = load_scenario(Path(what[0]))
    names = Names("variant", what[0], (case.name for case in scenario.cases))
    missing = [names.missing(name) for name in what[1:] if names.find(name) is None]
    if missing:
        raise WrongInputError("; ".join(missing))
    cases = {case.name: case for case in scenario.cases}
    chosen = [cases[names.find(name) or name] for name in what[1:]]
    sides = [Side(case.name, case.plan, case.placements, case.promotions) for case in chosen]
    return diff(sides[0], sides[1], {product.id: product.category for product in scenario.products})


def lines(found: "Diff") -> Iterator[str]:
    """Yield what differs, part by part."""
    before, after = found.sides
    yield f"{before.name} -> {after.name}"
    if found.is_empty:
        yield "no difference in furniture, products or promotions"
    yield from _changes("Fixtures (middle in m)", found.fixtures)
    yield from _changes("Products", found.products)
    if before.placements is None or after.placements is None:
        yield from ("", "Products: not compared; name planograms with --planogram, once for each layout")
    yield from _changes("Promotions", found.promotions)
    yield from _amounts("Shelf by category", found.categories)
    yield from _amounts("Store", found.totals)


def _changes(title: str, changes: Sequence["Change"]) -> Iterator[str]:
    """Yield a table of changes; what is too long for a line has its two sides on lines of their own."""
    if not changes:
        return
    yield from ("", f"{title}: {len(changes)} differ{'s' if len(changes) == 1 else ''}")
    names, sides = (max(len(text) for text in texts) for texts in _columns(changes))
    for change in changes:
        line = f"  {change.what.ljust(names)}  {change.before.ljust(min(sides, 32))} -> {change.after}"
        if len(line) <= WIDTH:
            yield line
        else:
            yield f"  {change.what}"
            yield f"    from {change.before}"
            yield f"    to   {change.after}"


def _columns(changes: Sequence["Change"]) -> tuple[list[str], list[str]]:
    return [change.what for change in changes], [change.before for change in changes]


def _amounts(title: str, amounts: Sequence["Amount"]) -> Iterator[str]:
    if not amounts:
        return
    yield from ("", title)
    names = max(len(amount.what) for amount in amounts)
    for amount in amounts:
        change = amount.after - amount.before
        places = 0 if amount.before == int(amount.before) and amount.after == int(amount.after) else 1
        numbers = (f"{value:,.{places}f}" for value in (amount.before, amount.after))
        was, now = (number.rjust(9) for number in numbers)
        sign = f"{change:+,.{places}f}".replace("-", "−") if round(change, places) else "same"
        yield f"  {amount.what.ljust(names)} {was} -> {now} {amount.unit:2} ({sign})"
