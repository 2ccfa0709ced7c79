"""A layout file and those it extends."""

from os.path import abspath
from pathlib import Path

from storesim.inputs.mistakes import Mark, Mistakes, quoted_path
from storesim.inputs.yaml_source import Source, read_yaml

LONGEST_CHAIN = 20


def read_chain(path: Path, mistakes: Mistakes, named_at: Mark | None = None) -> list[Source]:
    """Return a file and those it extends, nearest first, as far as they can be read."""
    chain: list[Source] = []
    while True:
        source = read_yaml(path, mistakes, named_at)
        if source is None:
            return chain
        chain.append(source)
        base = source.value(("extends",))
        if not isinstance(base, str) or not base:
            return chain
        named_at = source.mark(("extends",))
        path = path.parent / base
        if _goes_round(chain, path, named_at, mistakes):
            return chain


def _goes_round(chain: list[Source], path: Path, named_at: Mark, mistakes: Mistakes) -> bool:
    if any(abspath(source.path) == abspath(path) for source in chain):
        names = " -> ".join(quoted_path(file) for file in [*(source.path for source in chain), path])
        mistakes.add(named_at, f"extends goes round in a circle: {names}; drop one of them")
        return True
    if len(chain) >= LONGEST_CHAIN:
        mistakes.add(named_at, f"more than {LONGEST_CHAIN} files extend each other; merge some")
        return True
    return False
