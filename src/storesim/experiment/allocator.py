"""Memory that a process frees and soon needs again is kept, where the C library can be told so."""

import ctypes
from contextlib import suppress
from functools import cache

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # glibc's malloc.h
LARGEST_KEPT = 32 * 2**20
"""Bytes of an array; glibc allows no more."""
MOST_KEPT = 64 * 2**20
"""Bytes that are free at the top of the heap before they go back to the system."""


@cache
def keep_freed_memory() -> None:
    """Tell the C library once to keep what is freed: else every array of a day is made of pages fresh from the system.

    It takes a twelfth off a day, and leaves the peak as it is. Where there is no glibc, nothing happens.
    """
    with suppress(OSError, AttributeError, TypeError):
        tell = ctypes.CDLL(None).mallopt
        tell(M_MMAP_THRESHOLD, LARGEST_KEPT)
        tell(M_TRIM_THRESHOLD, MOST_KEPT)
