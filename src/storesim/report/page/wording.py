"""Words put together for headings."""

from collections.abc import Sequence


def sentence(text: str) -> str:
    """Return a text with a capital at its beginning; nothing else is changed.

    >>> sentence("wait in USD")
    'Wait in USD'
    """
    return text[:1].upper() + text[1:]


def listed(names: Sequence[str]) -> str:
    """Return names as they are said one after the other.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
