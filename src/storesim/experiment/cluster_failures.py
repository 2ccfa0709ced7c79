"""What a cluster fails with, and how long it is waited for."""

from dataclasses import dataclass


class ClusterError(Exception):
    """A cluster cannot be used, or was lost; the message says what would help."""


@dataclass(frozen=True)
class Patience:
    """How long to wait for a cluster, in seconds."""

    start_s: float = 10.0
    """For its scheduler to answer at first, and for its first worker."""
    silent_s: float = 60.0
    """For a scheduler that keeps its connection but does not answer."""
    deserted_s: float = 300.0
    """For another worker, when there is none left."""
    look_every_s: float = 1.0


def lost(address: str) -> ClusterError:
    """Return the error of a scheduler that is no longer there."""
    return ClusterError(f"the Dask scheduler at {address} is gone, or was started anew")


def out_of_memory(workers: int) -> ClusterError:
    """Return the error of a task that took one worker after the other with it."""
    died = f"{workers} workers died one after the other, playing the same task" if workers > 1 else "a worker died"
    return ClusterError(
        f"{died}, most likely out of memory; start fewer of them on a machine, or with a higher --memory-limit"
    )
