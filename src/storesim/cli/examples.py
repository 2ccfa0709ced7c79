"""The example market, for the commands that play or copy it."""

from pathlib import Path

from storesim.cli.failures import WrongInputError
from storesim.inputs import examples as files

FOLDERS = files.FOLDERS
DEMO = Path("scenarios") / "market.yaml"
COMPARED = Path("scenarios") / "layouts.yaml"


def examples() -> Path:
    """Return the folder that holds the example market's folders.

    Raises:
        WrongInputError: this installation came without them.
    """
    found = files.examples()
    if found is None:
        raise WrongInputError("the example market is not part of this installation; install storesim from its wheel")
    return found
