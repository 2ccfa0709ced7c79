"""Where the example market's files are: in an installed package, or in the source tree."""

from pathlib import Path

FOLDERS = ("layouts", "scenarios", "data")


def examples() -> Path | None:
    """Return the folder that holds the example market's folders; None when this installation came without them."""
    package = Path(__file__).resolve().parent.parent
    places = (package / "examples", package.parent.parent)
    return next((place for place in places if all((place / name).is_dir() for name in FOLDERS)), None)
