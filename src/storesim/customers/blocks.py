"""Customers are worked through in blocks where a whole big day at once would not fit into memory or cache."""

from collections.abc import Iterator


def blocks(count: int, size: int) -> Iterator[slice]:
    """Yield slices of at most this size that cover all of 0..count."""
    return (slice(begin, min(begin + size, count)) for begin in range(0, count, size))
