"""Files into text, carefully: bounded in size, UTF-8 only, and whatever is wrong becomes a mistake."""

import re
from pathlib import Path

from storesim.inputs.mistakes import Mark, Mistakes, quoted_path, shown

# What YAML and CSV have in common: no control characters but tab and line ends, no lone surrogates.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def read_text(path: Path, mistakes: Mistakes, most_bytes: int, named_at: Mark | None = None) -> str | None:
    """Return the text of a UTF-8 file (a byte order mark is dropped), or None after adding what is wrong.

    `named_at` is where another file names this one: the place of the mistake when it cannot be read.
    """
    content = read_bytes(path, mistakes, most_bytes, named_at)
    if content is None:
        return None
    mistakes.add_source(path, content)
    text = _decoded(path, content, mistakes)
    bad = FORBIDDEN.search(text) if text is not None else None
    if text is None or bad is None:
        return text
    mistakes.add(mark_of(path, text, bad.start()), f"control character #x{ord(bad[0]):02x}; delete it")
    return None


def mark_of(path: Path, text: str, offset: int) -> Mark:
    """Return line and column of an offset into a text."""
    line = text.count("\n", 0, offset) + 1
    return Mark(shown(path), line, offset - text.rfind("\n", 0, offset))


def read_bytes(path: Path, mistakes: Mistakes, most_bytes: int, named_at: Mark | None = None) -> bytes | None:
    """Return the content of a file, or None after adding what is wrong."""
    where = named_at or Mark(shown(path))
    name = f"file {quoted_path(path)}" if named_at else "the file"
    try:
        if path.is_dir():
            mistakes.add(where, f"{name} is a folder; name a file in it")
        elif not path.exists():
            mistakes.add(where, f"{name} does not exist; check the name and the folder")
        elif not path.is_file():
            mistakes.add(where, f"{name} is not a plain file; copy its content into one")
        elif path.stat().st_size > most_bytes:
            mistakes.add(
                where,
                f"{name} is larger than {most_bytes / 1e6:g} MB; split it or leave out what is not needed",
            )
        else:
            with path.open("rb") as stream:
                return stream.read(most_bytes)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        mistakes.add(where, f"{name} cannot be read ({reason.lower()}); check its name and its permissions")
    return None


def _decoded(path: Path, content: bytes, mistakes: Mistakes) -> str | None:
    if content.startswith(UTF_16_MARKS):
        mistakes.add(path, "this is UTF-16 text; save the file as UTF-8")
        return None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8", "replace")
        mark = mark_of(path, before, len(before))
        byte = error.object[error.start]
        mistakes.add(mark, f"byte 0x{byte:02x} is not UTF-8; save the file as UTF-8")
        return None
