"""`storesim demo`: the example market, end to end."""

from pathlib import Path

import click

from storesim.cli.options import begin_workers, no_report_option, out_option, replications_option, workers_option


@click.command("demo")
@out_option
@replications_option
@workers_option
@no_report_option
def command(out: Path | None, replications: int | None, workers: int | None, no_report: bool) -> None:
    """Play the example market: table, figures and report."""
    begin_workers(workers)
    from storesim.cli.answer import answer
    from storesim.cli.examples import DEMO, examples
    from storesim.cli.playing import play
    from storesim.cli.report import write
    from storesim.experiment.study import load
    from storesim.report.plots import write_figures
    from storesim.report.run_directory import RunDirectory

    study = load(examples() / DEMO, replications=replications)
    result = play(study, out, workers, "demo")
    click.echo(answer(result))
    if result.directory:
        figures = write_figures(RunDirectory.open(result.directory))
        click.echo(f"Figures: {figures[0].parent}")
        if not no_report:
            click.echo(f"Report: {write(result.directory)}")
