"""`storesim show`: a floor plan and its store graph, drawn."""

from pathlib import Path

import click

from storesim.cli.figure_name import FIGURE
from storesim.cli.options import FILE, format_option


@click.command("show")
@click.argument("layout", type=FILE)
@click.option("--out", type=FIGURE, metavar="FILE", help="Where to draw the plan; else beside you, as NAME.png.")
@click.option("--graph", type=FILE, metavar="FILE", help="Write the store graph too, as GraphML.")
@format_option
def command(layout: Path, out: Path | None, graph: Path | None, figure_format: str) -> None:
    """Draw a floor plan, and its store graph.

    Writes NAME.png, the plan with names, and NAME_graph.png, which zones lead to
    which, with the metres walked between.
    """
    from storesim.inputs.load import load_layout
    from storesim.inputs.parameters import Parameters
    from storesim.report.figure_files import format_named, save
    from storesim.report.floor_plan import plan_figure
    from storesim.report.show import show_figure
    from storesim.store.build import build_floor

    plan = load_layout(layout)
    target = (out or Path(layout.stem)).with_suffix("")
    chosen = format_named(out.suffix if out and out.suffix else figure_format)
    click.echo(save(plan_figure(plan), target, chosen))
    if plan.is_schematic and not graph:
        return
    floor = build_floor(plan, Parameters(), seed=0)
    if graph:
        from storesim.results.replacing import replacing
        from storesim.store.graph import store_graph
        from storesim.store.graphml import write_graphml

        with replacing(graph) as temporary:
            write_graphml(store_graph(floor), temporary)
        click.echo(graph)
    if not plan.is_schematic:
        click.echo(save(show_figure(floor), target.with_name(f"{target.name}_graph"), chosen))
