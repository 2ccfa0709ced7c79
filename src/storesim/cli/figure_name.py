"""Names of figures on the command line: what their endings say is what is drawn."""

from pathlib import Path

import click

FORMATS = ("png", "svg", "pdf")


class FigureName(click.Path):
    """A file to draw to; one without an ending becomes a PNG."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """Return the path; an ending that is no format of ours is a usage error."""
        path = Path(str(super().convert(str(value), param, ctx)))
        if path.suffix and path.suffix.lower().removeprefix(".") not in FORMATS:
            known = ", ".join(f".{name}" for name in FORMATS)
            self.fail(f"{str(path)!r} is no figure that can be drawn; end it in one of {known}", param, ctx)
        return path


FIGURE = FigureName()
