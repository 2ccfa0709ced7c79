"""YAML events into plain data whose every value knows its place; bounded, and typed by YAML 1.2 rules."""

import re
from dataclasses import dataclass, field
from typing import NoReturn

import yaml

from storesim.inputs.mistakes import Mark, Mistakes, quoted

MOST_NODES = 200_000
"""Values in a file, those that an alias repeats counted every time."""
DEEPEST = 50

Step = str | int
Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]

_INT = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")
_WORDS: dict[str, Value] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf"), float("inf")),
    "-.inf": float("-inf"),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
}


@dataclass(slots=True)
class Node:
    """A value with its place (counted from 0) and those of its parts."""

    data: Value
    line: int
    col: int
    end: tuple[int, int] = (0, 0)
    flow: bool = False
    """Whether it is written in brackets or braces."""
    parts: dict[Step, "Node"] = field(default_factory=dict)
    keys: dict[Step, tuple[int, int]] = field(default_factory=dict)
    size: int = 1
    """Values in it, itself included."""


def scalar(text: str) -> Value:
    """Return what unquoted text means: null, true, false, a number, or else the text as written.

    10:30, NO, 0123 and 2026-03-02 stay text, unlike in YAML 1.1.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and not _LEADING_ZERO.fullmatch(text):
        return float(text)
    return text


class HopelessError(Exception):
    """Reading on makes no sense; why is already noted as a mistake."""


@dataclass(slots=True)
class _Open:
    """A list or mapping whose end has not come yet."""

    node: Node
    anchor: str | None
    key: tuple[str, int, int] | None = None


class Composer:
    """Builds nodes from parser events, without recursion, within the bounds."""

    def __init__(self, path: str, mistakes: Mistakes) -> None:
        self.path = path
        self.mistakes = mistakes
        self.root: Node | None = None
        self.open: list[_Open] = []
        self.anchors: dict[str, Node] = {}
        self.count = 0

    def take(self, event: yaml.Event) -> None:
        """Take the next event in."""
        if isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._start(event)
        elif isinstance(event, yaml.CollectionEndEvent):
            closed = self.open.pop()
            self._put(closed.node, closed.anchor)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root is not None:
            self._stop(event, "a second document begins here; keep one, and drop the '---'")

    def _mark(self, event: yaml.Event) -> Mark:
        line, col = _start(event)
        return Mark(self.path, line + 1, col + 1)

    def _awaits_key(self) -> bool:
        return bool(self.open) and isinstance(self.open[-1].node.data, dict) and self.open[-1].key is None

    def _stop(self, event: yaml.Event, what: str) -> NoReturn:
        self.mistakes.add(self._mark(event), what)
        raise HopelessError

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        self._refuse_tag(event)
        line, col = _start(event)
        if self._awaits_key():
            self.open[-1].key = (event.value, line, col)
            return
        plain = event.style is None or event.style == ""
        data = scalar(event.value) if plain else event.value
        end = (event.end_mark.line, event.end_mark.column) if plain and event.end_mark else (0, 0)
        self._put(Node(data, line, col, end), event.anchor)

    def _start(self, event: yaml.CollectionStartEvent) -> None:
        self._refuse_tag(event)
        if len(self.open) >= DEEPEST:
            self._stop(event, f"nested more than {DEEPEST} deep; close a bracket or write it flatter")
        if self._awaits_key():
            self._stop(event, "a key cannot be a list or a mapping; quote it when it begins with a bracket or brace")
        data: Value = {} if isinstance(event, yaml.MappingStartEvent) else []
        self.open.append(_Open(Node(data, *_start(event), flow=bool(event.flow_style)), event.anchor))

    def _alias(self, event: yaml.AliasEvent) -> None:
        if any(item.anchor == event.anchor for item in self.open):
            self._stop(event, f"alias *{event.anchor} stands inside what it repeats; write it out")
        anchored = self.anchors.get(event.anchor or "")
        if anchored is None:
            self._stop(
                event,
                f"alias *{event.anchor} has no anchor before it; write &{event.anchor} there, or quote it",
            )
        if self._awaits_key():
            self._stop(event, "a key cannot be an alias; write it out")
        self._put(anchored, None, event)

    def _put(self, node: Node, anchor: str | None, alias: yaml.AliasEvent | None = None) -> None:
        """Put a finished value where it belongs, and count it."""
        self.count += node.size if alias else 1
        if self.count > MOST_NODES:
            why = "aliases repeat more than" if alias else "there are more than"
            self.mistakes.add(Mark(self.path, node.line + 1, node.col + 1), f"{why} {MOST_NODES} values; write less")
            raise HopelessError
        if anchor:
            self.anchors[anchor] = node
        if not self.open:
            self.root = node
            return
        self.open[-1].node.size += node.size
        self._put_into(self.open[-1], node)

    def _put_into(self, parent: _Open, node: Node) -> None:
        data = parent.node.data
        if isinstance(data, list):
            parent.node.parts[len(data)] = node
            data.append(node.data)
        elif isinstance(data, dict) and parent.key is not None:
            key, line, col = parent.key
            parent.key = None
            self._refuse_key(parent.node, key, Mark(self.path, line + 1, col + 1))
            data[key] = node.data
            parent.node.parts[key] = node
            parent.node.keys[key] = (line, col)

    def _refuse_key(self, mapping: Node, key: str, mark: Mark) -> None:
        if key == "<<":
            self.mistakes.add(mark, "'<<' is not read; write the keys out, or use extends")
        elif key in mapping.keys:
            self.mistakes.add(mark, f"key {quoted(key)} stands already in line {mapping.keys[key][0] + 1}; keep one")

    def _refuse_tag(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> None:
        if event.tag not in (None, "!"):
            self.mistakes.add(self._mark(event), f"tag {quoted(event.tag)} is not read; leave it out")


def _start(event: yaml.Event) -> tuple[int, int]:
    """Return line and column of an event, from 0."""
    return (event.start_mark.line, event.start_mark.column) if event.start_mark else (0, 0)
