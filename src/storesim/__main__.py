"""Run the commands as `python -m storesim`."""

import sys

from storesim.cli import main

if __name__ == "__main__":
    sys.exit(main())
