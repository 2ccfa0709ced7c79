"""Compare floor plans, placements and entry promotions of a shop by simulation, from files."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storesim.experiment.study import load
    from storesim.results.query import read_events

    __version__: str

__all__ = ["__version__", "load", "read_events"]


def __getattr__(name: str) -> Any:
    """Load the version and the Python face on first use: `storesim --help` must answer at once."""
    if name == "__version__":
        from importlib.metadata import version

        return version("storesim")
    if name == "load":
        from storesim.experiment.study import load

        return load
    if name == "read_events":
        from storesim.results.query import read_events

        return read_events
    raise AttributeError(f"module 'storesim' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
