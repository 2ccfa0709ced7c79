"""`storesim run`: play a scenario and answer its question."""

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


@click.command("run")
@click.argument("scenario", type=FILE)
@out_option
@replications_option
@seed_option
@workers_option
@cluster_option
@assumptions_option
@resume_option
@no_report_option
def command(
    scenario: Path,
    out: Path | None,
    replications: int | None,
    seed: int | None,
    workers: int | None,
    cluster: str | None,
    assumptions: bool,
    resume: bool,
    no_report: bool,
) -> None:
    """Play a scenario and answer its question.

    Prints the differences of every variant to the baseline, with intervals, and
    writes all tables into a new folder.
    """
    begin_workers(workers, cluster)
    from storesim.cli.answer import answer, warnings
    from storesim.cli.playing import play
    from storesim.cli.report import write
    from storesim.cli.sweep import sweep_lines
    from storesim.experiment.study import load

    study = load(scenario, replications=replications, seed=seed, assumptions=assumptions)
    for line in warnings(study.scenario.warnings):
        click.echo(line, err=True)
    result = play(study, out, workers, scenario.stem, resume, cluster)
    click.echo(answer(result))
    for line in sweep_lines(result):
        click.echo(line)
    if result.directory and not no_report:
        click.echo(f"Report: {write(result.directory)}")
    click.echo(f"Figures: storesim plot {result.directory}")
