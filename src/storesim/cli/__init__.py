"""The commands, and the only place that prints."""

import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code: 0 done, 1 failed, 2 the input is wrong, 130 interrupted."""
    from storesim.cli.failures import explain
    from storesim.cli.group import storesim

    try:
        code = storesim.main(args=arguments, prog_name="storesim", standalone_mode=False)
    except BaseException as error:
        return explain(error, sys.stderr)
    return code if isinstance(code, int) else 0
