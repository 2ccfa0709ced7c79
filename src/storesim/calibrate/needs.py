"""The parts that only calibration needs, imported when they are used."""

from importlib import import_module
from typing import Any


class MissingPartError(Exception):
    """Part of the optional extra is not installed; says how to get it."""


def sklearn(part: str) -> Any:
    """Return a module of scikit-learn.

    Raises:
        MissingPartError: it is not installed.
    """
    return _module(f"sklearn.{part}")


def threadpoolctl() -> Any:
    """Return the module that limits the threads of numerical libraries; it comes with scikit-learn.

    Raises:
        MissingPartError: it is not installed.
    """
    return _module("threadpoolctl")


def _module(name: str) -> Any:
    try:
        return import_module(name)
    except ImportError as error:
        what = "finding missions and tiers needs scikit-learn; install it with: pip install 'storesim[calibrate]'"
        raise MissingPartError(what) from error
