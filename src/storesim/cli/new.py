"""`storesim new`: a project of one's own, started from the example market."""

from pathlib import Path

import click

from storesim.cli.options import FILE


@click.command("new")
@click.argument("folder", type=FILE, metavar="DIR")
def command(folder: Path) -> None:
    """Start a project in DIR from the example market."""
    import shutil

    from storesim.cli.examples import FOLDERS, examples
    from storesim.cli.failures import WrongInputError

    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongInputError(f"{folder} is not an empty folder; name one that is, or a new one")
    source = examples()
    for name in FOLDERS:
        shutil.copytree(source / name, folder / name, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    click.echo(f"A project with floor plans, scenarios and data is in {folder}. Next:")
    click.echo(f"  cd {folder}")
    click.echo("  storesim check scenarios/market.yaml")
    click.echo("  storesim run scenarios/market.yaml")
