"""Compare floor plans, placements and entry promotions of a shop by simulation, from files."""

from importlib.metadata import version

__version__ = version("storesim")
