"""`storesim new-planogram`: an empty planogram of a layout, to fill in."""

from collections.abc import Sequence
from pathlib import Path

import click

from storesim.cli.options import FILE


@click.command("new-planogram")
@click.argument("layout", type=FILE)
@click.option("--out", type=FILE, metavar="FILE", help="File to write, .csv or .xlsx; else planogram_NAME.csv.")
def command(layout: Path, out: Path | None) -> None:
    """Write an empty planogram of LAYOUT, a row for each face of each fixture.

    Fill in products (copy rows to put several on a face) and metres; rows left
    without a product do not count. In a spreadsheet, take .xlsx: it would read the
    3-5 of a .csv as a date.
    """
    from storesim.cli.failures import WrongInputError
    from storesim.inputs.load import load_layout
    from storesim.inputs.sheet import is_sheet
    from storesim.inputs.space_filling import EMPTY_COLUMNS, empty_rows
    from storesim.results.write import text, write_csv

    target = out or Path(f"planogram_{layout.stem}.csv")
    refuse_existing(target)
    if target.suffix.lower() != ".csv" and target.suffix.lower() != ".xlsx":
        raise WrongInputError(f"{target} is neither a .csv nor an .xlsx file; name one")
    rows = empty_rows(load_layout(layout))
    if is_sheet(target):
        _write_sheet(target, (EMPTY_COLUMNS, *rows))
    else:
        write_csv(target, EMPTY_COLUMNS, [map(text, row) for row in rows])
    click.echo(f"{target}: {len(rows)} faces, {sum(float(row[-1]) for row in rows):,.0f} m of shelf to fill in")


def refuse_existing(path: Path) -> None:
    """Never overwrite what may hold somebody's work.

    Raises:
        WrongInputError: there is such a file.
    """
    from storesim.cli.failures import WrongInputError

    if path.exists():
        raise WrongInputError(f"{path} is there already; name another file with --out")


def _write_sheet(path: Path, rows: Sequence[Sequence[str]]) -> None:
    """Write rows as text cells: 3-5 stays what it is."""
    from xlsxwriter import Workbook

    from storesim.results.replacing import replacing

    with replacing(path) as temporary, Workbook(temporary) as book:
        sheet, as_text = book.add_worksheet("planogram"), book.add_format({"num_format": "@"})
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell, as_text)
