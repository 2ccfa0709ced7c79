"""Arguments and options that several commands share."""

import os
from pathlib import Path

import click

FILE = click.Path(path_type=Path)
"""A path as the user gives it; whether it can be read is for the reader to say, with all other mistakes."""

replications_option = click.option(
    "--replications", type=click.IntRange(1, 100_000), metavar="N", help="Days played per variant; else the scenario's."
)
seed_option = click.option(
    "--seed", type=click.IntRange(0, 2**63 - 1), metavar="N", help="Seed of all random draws; else the scenario's."
)
workers_option = click.option(
    "--workers", type=click.IntRange(1, 1024), metavar="N", default=None,
    help="Processes to play in; else one a processor. The result is the same.",
)  # fmt: skip


def _address(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    if value is None:
        return None
    from storesim.experiment.cluster_address import check_address

    if complaint := check_address(value):
        raise click.BadParameter(complaint)
    return value


cluster_option = click.option(
    "--cluster", metavar="ADDRESS", callback=_address,
    help="Dask scheduler whose workers play instead, as in tcp://HOST:PORT. The result is the same.",
)  # fmt: skip
assumptions_option = click.option(
    "--assumptions", is_flag=True,
    help="Vary the assumed parameters too, and say which verdicts stand.",
)  # fmt: skip
out_option = click.option("--out", type=FILE, metavar="DIR", help="Folder to make for the results; else runs/NAME.")
resume_option = click.option(
    "--resume", is_flag=True,
    help="Go on with the run in --out, or the last in runs/NAME: what is finished is not played again.",
)  # fmt: skip
no_report_option = click.option("--no-report", is_flag=True, help="Write no report.html, which takes some seconds.")
format_option = click.option(
    "--format", "figure_format", type=click.Choice(["png", "svg", "pdf"]), default="png", show_default=True,
    help="File format of figures.",
)  # fmt: skip


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def begin_workers(workers: int | None, cluster: str | None = None) -> None:
    """Let the process that workers come from begin before a command's own imports: they take as long, side by side."""
    from storesim.experiment.forkserver import begin_forkserver

    if not cluster:
        begin_forkserver(workers or processors())
