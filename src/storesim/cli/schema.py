"""`storesim schema`: what may stand in each kind of file, for editors."""

import click


@click.command("schema")
@click.argument("kind", required=False)
def command(kind: str | None) -> None:
    """Print the schema of a kind of file; without KIND, the kinds.

    JSON Schema (draft 2020-12) for YAML files, columns for CSV files.
    """
    import json

    from storesim.cli.failures import WrongInputError
    from storesim.inputs.mistakes import quoted, suggest
    from storesim.inputs.schema import KINDS, json_schema

    if kind is None:
        click.echo("\n".join(KINDS))
    elif kind not in KINDS:
        raise WrongInputError(f"there is no kind of file {quoted(kind)}{suggest(kind, KINDS)}")
    else:
        click.echo(json.dumps(json_schema(kind), indent=2, ensure_ascii=False))
