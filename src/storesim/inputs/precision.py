"""How precise a scenario asks its answer to be, checked against the replications that it begins with."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

from storesim.inputs.case import Precision
from storesim.inputs.mistakes import Mistakes, shown
from storesim.inputs.scenario import PrecisionFile, ScenarioFile
from storesim.inputs.yaml_source import Source

AT_MOST = ("precision", "at_most")
FEW = 10
"""A first stage below this guesses the spread badly, and makes up for that with many replications."""
REPLICATIONS: int = ScenarioFile.model_fields["replications"].default


def asked(written: PrecisionFile | None) -> Precision | None:
    """Return what is asked for; None: nothing."""
    if written is None:
        return None
    value, of_mean = written.half_width
    return Precision(written.response, value, of_mean, written.at_most)


def check_at_most(source: Source, replications: int | None, mistakes: Mistakes) -> None:
    """The first stage must be allowed; `replications` are the command line's, if it says any."""
    most, written = source.value(AT_MOST), source.value(("replications",))
    first = replications or (REPLICATIONS if written is None else written)
    if _is_count(most) and _is_count(first) and most < first:
        what = f"at_most is {most}, fewer than the {first} replications that are played first"
        mistakes.add(source.mark(AT_MOST), f"{what}; write at least {first}, or fewer replications")


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def precision_warnings(path: Path, file: ScenarioFile) -> Iterator[str]:
    """Yield what is unwise, if anything is."""
    if file.precision and file.replications < FEW:
        first = (
            f"{shown(path)}: precision: a first stage of {file.replications} replications tells little of the spread"
        )
        yield f"{first}, and far more may be played than are needed; {FEW} or more are better"
