"""The command `storesim`: finds its commands by name and loads none but the one that runs."""

from collections.abc import Mapping
from importlib import import_module

import click

COMMANDS: Mapping[str, str] = {
    "demo": "storesim.cli.demo",
    "new": "storesim.cli.new",
    "new-planogram": "storesim.cli.new_planogram",
    "import": "storesim.cli.import_space",
    "check": "storesim.cli.check",
    "show": "storesim.cli.show",
    "run": "storesim.cli.run",
    "compare": "storesim.cli.compare",
    "diff": "storesim.cli.diff",
    "report": "storesim.cli.report",
    "plot": "storesim.cli.plot",
    "query": "storesim.cli.query",
    "conversion": "storesim.cli.conversion",
    "calibrate": "storesim.cli.calibrate",
    "validate": "storesim.cli.validate",
    "schema": "storesim.cli.schema",
}
"""Command -> module that has it as `command`; in the order of `--help`."""


class Commands(click.Group):
    """Commands that are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names in the order in which a project meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return a command, or None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        found: click.Command = import_module(COMMANDS[cmd_name]).command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that the words ask for.

        Raises:
            click.UsageError: there is no such command; a near one is suggested.
        """
        if args[0] in COMMANDS or args[0].startswith("-"):
            return super().resolve_command(ctx, args)
        from difflib import get_close_matches

        near = get_close_matches(args[0].casefold(), COMMANDS, n=1)
        remedy = f"did you mean {near[0]!r}?" if near else "`storesim --help` lists them"
        raise click.UsageError(f"there is no command {args[0]!r}; {remedy}", ctx)


def _print_version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from storesim import __version__

        click.echo(f"storesim {__version__}")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_print_version,
              help="Print the version and leave.")  # fmt: skip
def storesim() -> None:
    """Compare floor plans, placements and entry promotions of a shop, from files.

    Start with `storesim demo`, or `storesim new DIR` for a project of your own.
    """
