"""The example market: where its files are, in an installed package or in the source tree."""

from pathlib import Path

from storesim.cli.failures import WrongInputError

FOLDERS = ("layouts", "scenarios", "data")
DEMO = Path("scenarios") / "market.yaml"
COMPARED = Path("scenarios") / "layouts.yaml"


def examples() -> Path:
    """Return the folder that holds the example market's folders.

    Raises:
        WrongInputError: this installation came without them.
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "examples", package.parent.parent):
        if all((folder / name).is_dir() for name in FOLDERS):
            return folder
    raise WrongInputError("the example market is not part of this installation; install storesim from its wheel")
