"""YAML files: read as written, everything knows its place, and nothing breaks the reader."""

import math
import os
import time
from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import Field

from storesim.inputs.base import Input
from storesim.inputs.mistakes import Mark, Mistakes
from storesim.inputs.yaml_source import Source, read_yaml, validate


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(text: str | bytes) -> Source:
    """Return a file that is as it should be."""
    source, mistakes = read_any(text)
    assert mistakes == []
    assert source is not None
    return source


def read_any(text: str | bytes) -> tuple[Source | None, list[str]]:
    path = Path("a.yaml")
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    mistakes = Mistakes()
    source = read_yaml(path, mistakes)
    return source, [str(mistake) for mistake in mistakes.found]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("10:30", "10:30"),
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("0123", "0123"),
        ("2026-03-02", "2026-03-02"),
        ("1%", "1%"),
        ("1_000", "1_000"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("12", 12),
        ("-3", -3),
        ("+4", 4),
        ("1.50", 1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("0.6", 0.6),
        ("true", True),
        ("False", False),
        ("null", None),
        ("~", None),
        ("", None),
        (".inf", math.inf),
        ("9" * 5000, math.inf),
    ],
)
def test_scalars_mean_what_they_say(written: str, meant: object) -> None:
    assert read(f"key: {written}\nother: 1\n").data == {"key": meant, "other": 1}


def test_keys_are_text_as_written() -> None:
    assert read("1: a\nNO: b\nnull: c\n").data == {"1": "a", "NO": "b", "null": "c"}


def test_a_byte_order_mark_windows_lines_and_accents_are_welcome() -> None:
    assert read(b"\xef\xbb\xbfa: caf\xc3\xa9\r\nb: 2\r\n").data == {"a": "café", "b": 2}


def test_aliases_repeat_what_they_name() -> None:
    assert read("a: &x {k: 1}\nb: *x\nc: [*x]\n").data == {"a": {"k": 1}, "b": {"k": 1}, "c": [{"k": 1}]}


def test_every_value_and_key_knows_its_place() -> None:
    source = read("a: 1\nlist:\n  - {x: 1, why: [2, 3]}\n")
    assert source.mark(("list", 0, "why", 1)) == Mark("a.yaml", 3, 21)
    assert source.key_mark(("list", 0, "why")) == Mark("a.yaml", 3, 12)
    assert source.value(("list", 0, "x")) == 1
    assert source.mark(("list", 0, "nothing", 3)) == source.mark(("list", 0))
    assert not source.has(("list", 1))


def test_a_file_that_is_read_is_remembered_once() -> None:
    Path("a.yaml").write_text("a: 1")
    mistakes = Mistakes()
    read_yaml(Path("a.yaml"), mistakes)
    read_yaml(Path("a.yaml"), mistakes)
    assert [(str(source.path), source.content) for source in mistakes.sources] == [("a.yaml", b"a: 1")]


BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + chr(ord(name) - 1)] * 10)}]\n" for name in "bcdefghi"
)


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        ("a: [1, 2\nb: 3\n", "2:2: '[' of line 1 is not closed by ']', or a comma is missing"),
        ("a: {b: 1\nc: 3\n", "2:2: '{' of line 1 is not closed by '}', or a comma is missing"),
        ("a: 'x\nb: 3\n", "3:1: a quote opened in line 1 is not closed; close it"),
        ("a:\n\t- x\n", "2:1: a tab cannot indent; use spaces"),
        ("a: @b\n", "1:4: a text cannot begin with '@'; quote it"),
        (
            "a: b: c\n",
            "1:5: a ': ' where none can be; quote a text that holds it, or check the indentation",
        ),
        ("a: 1\n  b: 2\n", "2:4: a ': ' where none can be; quote a text that holds it, or check the indentation"),
        ("a:\n  - b\n c: d\n", "3:2: this does not line up with the keys above; check the indentation"),
        ("a: b\nword\n", "2:1: a ':' is missing after this key; write key: value"),
        ('a: "\\q"\n', "1:5: unknown escape after a backslash; use single quotes"),
        (
            "- {id: A #1, b: 2}\n",
            "2:1: '{' of line 1 is not closed by '}', or a comma is missing; in line 1 a '#' begins a comment: "
            "quote it: 'A #1'",
        ),
        ("a: 1\nb: 2\na: 3\n", "3:1: key 'a' stands already in line 1; keep one"),
        ("a: &x 1\n<<: 3\n", "2:1: '<<' is not read; write the keys out, or use extends"),
        (
            "a: !!python/name:os.system x\n",
            "1:4: tag 'tag:yaml.org,2002:python/name:os.system' is not read; leave it out",
        ),
        ("{{ x }}: 1\n", "1:1: a key cannot be a list or a mapping; quote it when it begins with a bracket or brace"),
        ("a: 1\n---\nb: 2\n", "2:1: a second document begins here; keep one, and drop the '---'"),
        ("a: *x\n", "1:4: alias *x has no anchor before it; write &x there, or quote it"),
        ("a: &x [*x]\n", "1:8: alias *x stands inside what it repeats; write it out"),
        (BOMB, "5:4: aliases repeat more than 200000 values; write less"),
        ("a: [" + "1," * 200_001 + "]\n", "1:400005: there are more than 200000 values; write less"),
        ("[" * 1_000_000, "1:51: nested more than 50 deep; close a bracket or write it flatter"),
        ("- " * 1_000_000, "1:101: nested more than 50 deep; close a bracket or write it flatter"),
        ("", "1:1: the file is empty; fill it in, or leave it out"),
        ("# nothing but a comment\n", "1:1: the file is empty; fill it in, or leave it out"),
        (b"a: b\nc: caf\xe9\n", "2:7: byte 0xe9 is not UTF-8; save the file as UTF-8"),
        ("a: 1".encode("utf-16"), "1:1: this is UTF-16 text; save the file as UTF-8"),
        ("a: 1\nb: x\x07y\n", "2:5: control character #x07; delete it"),
        (b"a: " + b"x" * 5_000_000, "1:1: the file is larger than 5 MB; split it or leave out what is not needed"),
    ],
)
def test_what_cannot_be_read_says_where_and_what_to_do(text: str | bytes, mistake: str) -> None:
    start = time.perf_counter()
    _, mistakes = read_any(text)
    assert mistakes == [f"a.yaml:{mistake}"]
    assert time.perf_counter() - start < 5


def test_a_missing_file_a_folder_and_a_device_are_told_apart() -> None:
    Path("folder").mkdir()
    os.mkfifo("pipe")
    mistakes = Mistakes()
    for name in ("folder", "nothing.yaml", "pipe"):
        assert read_yaml(Path(name), mistakes) is None
    assert [str(mistake) for mistake in mistakes.found] == [
        "folder:1:1: the file is a folder; name a file in it",
        "nothing.yaml:1:1: the file does not exist; check the name and the folder",
        "pipe:1:1: the file is not a plain file; copy its content into one",
    ]


def test_a_file_that_may_not_be_read_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    Path("a.yaml").write_text("a: 1")
    monkeypatch.setattr(Path, "open", refuse)
    mistakes = Mistakes()
    assert read_yaml(Path("a.yaml"), mistakes) is None
    assert [mistake.what for mistake in mistakes.found] == [
        "the file cannot be read (permission denied); check its name and its permissions"
    ]


@pytest.mark.parametrize("name", ["nothing.yaml", "nul\0.yaml", "x" * 5000])
def test_a_file_named_by_another_is_missed_where_it_is_named(name: str) -> None:
    mistakes = Mistakes()
    assert read_yaml(Path(name), mistakes, Mark("b.yaml", 4, 7)) is None
    assert str(mistakes.found[0]).startswith("b.yaml:4:7: file '")


class Shelf(Input):
    id: str
    width: Annotated[float, Field(gt=0)] = 1.0
    levels: Annotated[int, Field(le=20)] = 1
    side: Literal["north", "south"] = "north"
    box: tuple[float, float, float] = (0, 0, 0)
    metres: float | Literal["same"] = "same"


class Shop(Input):
    name: str
    shelves: tuple[Shelf, ...] = ()


@pytest.mark.parametrize(
    ("shelf", "mistake"),
    [
        ("{id: 12}", "3:8: 'id' is 12; write text, in quotes if it looks like a number"),
        ("{id: }", "3:8: 'id' is empty; write text, in quotes if it looks like a number"),
        ("{width: 2}", "3:3: key 'id' is missing; add it"),
        ("{id: a, width: wide}", "3:18: 'width' is 'wide'; write a number"),
        ("{id: a, width: 0}", "3:18: 'width' is 0; write a number above 0"),
        ("{id: a, width: .nan}", "3:18: 'width' is nan; write a finite number"),
        ("{id: a, levels: 21}", "3:19: 'levels' is 21; write a number of at most 20"),
        ("{id: a, levels: 2.5}", "3:19: 'levels' is 2.5; write a whole number"),
        ("{id: a, side: nort}", "3:17: 'side' is 'nort'; write 'north' or 'south'; did you mean 'north'?"),
        ("{id: a, box: [1, 2]}", "3:16: 'box' has 2 values; write 3"),
        ("{id: a, box: []}", "3:16: 'box' has 0 values; write 3"),
        ("{id: a, box: [1, 2, 3, 4]}", "3:16: 'box' has 4 values; write at most 3"),
        ("{id: a, box: [1, x, 3]}", "3:20: item 2 of 'box' is 'x'; write a number"),
        ("{id: a, box: 4}", "3:16: 'box' is 4; write a list in brackets"),
        ("{id: a, metres: sme}", "3:19: 'metres' is 'sme'; write a number or 'same'; did you mean 'same'?"),
        ("{id: a, widht: 2}", "3:11: unknown key 'widht'; did you mean 'width'?"),
        (
            "{id: a, colour: 2}",
            "3:11: unknown key 'colour'; choose from 'id', 'width', 'levels', 'side', 'box', 'metres'",
        ),
        ("{id: fruit, veg}", "3:15: unknown key 'veg'; if it belongs to the name before it, quote it: 'fruit, veg'"),
        ("just text", "3:3: item 1 of 'shelves' is 'just text'; write keys with values"),
    ],
)
def test_wrong_values_say_what_would_be_right(shelf: str, mistake: str) -> None:
    source = read(f"name: x\nshelves:\n- {shelf}\n")
    mistakes = Mistakes()
    assert validate(Shop, source, mistakes) is None
    assert [str(found) for found in mistakes.found] == [f"a.yaml:{mistake}"]
