"""YAML files into plain data whose every value knows its place, and that into typed inputs."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import ValidationError

from storesim.inputs.base import Input
from storesim.inputs.files import read_text
from storesim.inputs.mistakes import Mark, Mistakes, shown
from storesim.inputs.validation import complaints
from storesim.inputs.yaml_compose import Composer, HopelessError, Node, Step, Value
from storesim.inputs.yaml_syntax import syntax_mistake

MOST_BYTES = 5_000_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Model = TypeVar("Model", bound=Input)


@dataclass(frozen=True)
class Source:
    """A YAML file that was read: plain data, and where everything stands."""

    path: Path
    root: Node
    lines: tuple[str, ...] = field(repr=False)

    @property
    def data(self) -> Value:
        """The content as dicts with text keys, lists, text, numbers, true/false and None."""
        return self.root.data

    def node(self, at: Iterable[Step]) -> Node | None:
        """Return what stands at a path of keys and indices, or None."""
        node: Node | None = self.root
        for step in at:
            node = node.parts.get(step) if node else None
        return node

    def has(self, at: Iterable[Step]) -> bool:
        """Whether something stands at a path."""
        return self.node(at) is not None

    def value(self, at: Iterable[Step]) -> Value:
        """Return the data at a path; None when nothing stands there."""
        node = self.node(at)
        return node.data if node else None

    def mark(self, at: Iterable[Step] = ()) -> Mark:
        """Return the place of a value, or of the nearest thing above it that exists."""
        node = self.root
        for step in at:
            if step not in node.parts:
                break
            node = node.parts[step]
        return Mark(shown(self.path), node.line + 1, node.col + 1)

    def key_mark(self, at: Iterable[Step]) -> Mark:
        """Return the place of the key that leads to a value; of the value itself in a list."""
        *above, last = at
        node = self.node(above)
        if node is None or last not in node.keys:
            return self.mark((*above, last))
        line, col = node.keys[last]
        return Mark(shown(self.path), line + 1, col + 1)

    def without(self, *keys: str) -> "Source":
        """Return the file as if some of its topmost keys were not there."""
        data = self.root.data
        left = {key: value for key, value in data.items() if key not in keys} if isinstance(data, dict) else data
        parts = {step: part for step, part in self.root.parts.items() if step not in keys}
        return replace(self, root=replace(self.root, data=left, parts=parts))

    def put(self, at: Sequence[Step], value: Node) -> "Source":
        """Return the file with another value at a path, which keeps its own place; groups that are missing are made."""
        return replace(self, root=_put(self.root, at, value))

    def quote_hint(self, at: Iterable[Step]) -> str:
        """Return "; quote it: 'A #1'" when a '#' seems to have cut the text at a path, else ""."""
        node = self.node(at)
        if node is None or not isinstance(node.data, str | int | float) or node.end == (0, 0):
            return ""
        line, col = node.end
        cut = re.match(r" #\S[^,}\]]*", self.lines[line][col:]) if line < len(self.lines) else None
        return f"; a '#' begins a comment, so quote it: '{node.data}{cut[0].rstrip()}'" if cut else ""


def _put(node: Node, at: Sequence[Step], value: Node) -> Node:
    step, *below = at
    place = (value.line, value.col)
    part = _put(node.parts.get(step) or Node({}, *place), below, value) if below else value
    keys = {step: place} | node.keys
    if isinstance(node.data, list) and isinstance(step, int):
        listed = [*node.data[:step], part.data, *node.data[step + 1 :]]
        return replace(node, data=listed, parts=node.parts | {step: part})
    group = node.data if isinstance(node.data, dict) else {}
    return replace(node, data=group | {str(step): part.data}, parts=node.parts | {step: part}, keys=keys)


def read_yaml(path: Path, mistakes: Mistakes, named_at: Mark | None = None) -> Source | None:
    """Read a YAML file; None when it cannot be made sense of, and the mistake is already added.

    A Source may come back although mistakes were added (duplicate keys): go on, and find the others.
    """
    text = read_text(path, mistakes, MOST_BYTES, named_at)
    if text is None:
        return None
    lines = tuple(text.split("\n"))
    composer = Composer(shown(path), mistakes)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            composer.take(event)
    except yaml.MarkedYAMLError as error:
        syntax_mistake(shown(path), lines, error, mistakes)
        return None
    except (yaml.YAMLError, HopelessError):
        if not any(mistake.path == shown(path) for mistake in mistakes.found):
            mistakes.add(path, "cannot be read as YAML; check its first lines")
        return None
    if composer.root is None or composer.root.data is None:
        mistakes.add(path, "the file is empty; fill it in, or leave it out")
        return None
    return Source(path, composer.root, lines)


def validate(
    model: type[Model],
    source: Source,
    mistakes: Mistakes,
    at: tuple[Step, ...] = (),
    hints: Mapping[str, str] | None = None,
) -> Model | None:
    """Return what stands at a path as a typed input; None after adding all that is wrong with it.

    `hints` are remedies ("; drop it") for unknown keys that one may expect to be known.
    """
    try:
        return model.model_validate(source.value(at))
    except ValidationError as error:
        for complaint in complaints(model, error, source.node(at), hints or {}):
            path = (*at, *complaint.at)
            mark = source.key_mark(path) if complaint.of_key else source.mark(path)
            mistakes.add(mark, complaint.what + ("" if complaint.of_key else source.quote_hint(path)))
        return None
