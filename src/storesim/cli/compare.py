"""`storesim compare`: two floor plans or more, without writing a scenario."""

from pathlib import Path

import click

from storesim.cli.options import (
    FILE,
    assumptions_option,
    begin_workers,
    cluster_option,
    no_report_option,
    out_option,
    replications_option,
    resume_option,
    seed_option,
    workers_option,
)


@click.command("compare")
@click.argument("layouts", type=FILE, nargs=-1, required=True, metavar="LAYOUT LAYOUT...")
@click.option(
    "--with", "scenario", type=FILE, metavar="SCENARIO",
    help="Who comes and what stands where; else the example market.",
)  # fmt: skip
@out_option
@replications_option
@seed_option
@workers_option
@cluster_option
@assumptions_option
@resume_option
@no_report_option
def command(
    layouts: tuple[Path, ...],
    scenario: Path | None,
    out: Path | None,
    replications: int | None,
    seed: int | None,
    workers: int | None,
    cluster: str | None,
    assumptions: bool,
    resume: bool,
    no_report: bool,
) -> None:
    """Compare floor plans, all else alike.

    The first is the baseline. Customers and products are those of SCENARIO. The
    planogram of plan NAME.yaml is planogram_NAME.csv beside it, or else the one that
    SCENARIO has for that plan, or else the one of its baseline.
    """
    begin_workers(workers, cluster)
    from storesim.cli.answer import answer, warnings
    from storesim.cli.examples import COMPARED, examples
    from storesim.cli.failures import WrongInputError
    from storesim.cli.playing import play
    from storesim.cli.report import write
    from storesim.experiment.study import load_layouts

    if len(layouts) < 2:
        raise WrongInputError("one floor plan has nothing to be compared with; name at least two")
    study = load_layouts(
        layouts, scenario or examples() / COMPARED, replications=replications, seed=seed, assumptions=assumptions
    )
    for line in warnings(study.scenario.warnings):
        click.echo(line, err=True)
    result = play(study, out, workers, "compare", resume, cluster)
    click.echo(answer(result))
    if result.directory and not no_report:
        click.echo(f"Report: {write(result.directory)}")
    click.echo(f"Figures: storesim plot {result.directory}")
