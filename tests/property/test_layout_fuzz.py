"""Whatever stands in a file, the reader ends with a plan or with mistakes, never with another error."""

import tempfile
from pathlib import Path

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storesim.inputs.csv_source import read_csv
from storesim.inputs.kinds import COMPASS, KINDS
from storesim.inputs.layout import read_layout
from storesim.inputs.mistakes import InputError, Mistakes

QUICK = settings(max_examples=150, deadline=5000, suppress_health_check=list(HealthCheck))

numbers = st.one_of(
    st.integers(-3, 12), st.floats(-2, 12), st.sampled_from([0, -1, 1e-9, 1e7, 1e308, 10**30]), st.floats()
)
words = st.sampled_from(
    [*COMPASS, *KINDS, "all", "in", "x", "A", "a", "m", "ft", "cashier", "a.yaml", "", "#", "é", "\0"]
)
scalars = st.one_of(st.none(), st.booleans(), numbers, words, st.text(max_size=8))
keys = st.sampled_from(
    [
        *("layout", "extends", "remove", "units", "mirror", "floor", "size", "outline", "doors", "zones", "runs"),
        *("fixtures", "obstacles", "checkouts", "walkways", "links", "shelves", "end_caps", "id", "kind", "box"),
        *("at", "way", "width", "from", "count", "along", "pitch", "bay", "levels", "faces", "depth", "sides"),
        *("height", "rotate", "lanes", "queue", "exit", "one_way", "closed", "between", "metres", "area", "zone"),
    ]
)
anything = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=5), st.dictionaries(st.one_of(keys, words), inner, max_size=6)),
    max_leaves=30,
)


def maybe(right: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Draw what is nearly always right."""
    return st.integers(0, 19).flatmap(lambda draw: right if draw else anything)


def group(**parts: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    named = {key.rstrip("_"): maybe(part) for key, part in parts.items()}
    return maybe(st.fixed_dictionaries({}, optional=named))


coordinates = st.one_of(st.integers(-1, 12), st.floats(-1, 12))
boxes = st.lists(coordinates, min_size=4, max_size=4)
outlines = st.lists(st.lists(coordinates, min_size=2, max_size=2), min_size=2, max_size=6)
sides = st.lists(st.sampled_from(COMPASS), min_size=1, max_size=3)
names = st.sampled_from(["A", "a", "B1", "B", "main", "Zone 1"])
kinds = st.sampled_from(list(KINDS))


def some(item: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.lists(item, max_size=3)


layouts = st.fixed_dictionaries(
    {"layout": maybe(st.just("fuzz"))},
    optional={
        "units": st.sampled_from(["m", "cm", "ft"]),
        "extends": st.sampled_from(["a.yaml", "base.yaml", "no.yaml", "\0"]),
        "mirror": st.sampled_from(["x", "y"]),
        "remove": some(names),
        "floor": group(size=st.just([10, 10]), outline=outlines),
        "doors": some(group(id=names, at=st.just([0, 3]), width=coordinates, zone=names)),
        "zones": some(group(id=names, box=boxes, outline=outlines, shelves=some(group(id=names, metres=coordinates)))),
        "obstacles": some(group(id=names, box=boxes, outline=outlines)),
        "runs": some(
            group(
                id=names,
                kind=kinds,
                from_=st.just([1, 1]),
                count=st.integers(0, 5),
                along=st.sampled_from(COMPASS),
                pitch=coordinates,
                size=st.just([1, 2]),
                end_caps=group(depth=coordinates, sides=sides),
            )
        ),
        "fixtures": some(group(id=names, kind=kinds, box=boxes, faces=sides, rotate=coordinates, bay=coordinates)),
        "checkouts": some(
            group(
                id=names,
                kind=st.just("cashier"),
                lanes=st.just(2),
                box=boxes,
                queue=st.just("north"),
                exit=st.just("south"),
                zone=names,
            )
        ),
        "walkways": some(group(box=boxes, closed=st.booleans(), one_way=coordinates)),
        "links": some(group(between=st.lists(names, min_size=2, max_size=2), metres=coordinates)),
    },
)
BASE = "layout: base\nfloor: {size: [10, 10]}\nfixtures: [{id: A, kind: bin, box: [1, 1, 1, 1]}]\n"


def check(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.yaml")
        path.write_bytes(content)
        Path(folder, "base.yaml").write_text(BASE)
        mistakes = Mistakes()
        try:
            plan = read_layout(path, mistakes)
        except InputError:
            plan = None
        assert (plan is None) == bool(mistakes)
        assert all(str(mistake).count("\n") == 0 for mistake in mistakes.found)


@QUICK
@given(st.binary(max_size=300))
def test_random_bytes(content: bytes) -> None:
    check(content)


@QUICK
@given(st.text(alphabet="ab:#,-[]{}&*!|>'\"%@`?~ \n\t01.\\é", max_size=120))
def test_random_text_of_yaml_s_own_signs(text: str) -> None:
    check(text.encode())
    check(f"layout: a\nfloor: {{size: [9, 9]}}\nzones: {text}".encode())


@QUICK
@given(anything)
def test_random_structures(data: object) -> None:
    check(yaml.safe_dump(data, allow_unicode=True).encode())


@QUICK
@given(layouts)
def test_layouts_that_are_nearly_right(data: object) -> None:
    check(yaml.safe_dump(data, allow_unicode=True).encode())


@QUICK
@given(st.one_of(st.binary(max_size=200), st.text(alphabet="ab,;\"' \n\r\t", max_size=80).map(str.encode)))
def test_random_csv_files(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.csv")
        path.write_bytes(content)
        mistakes = Mistakes()
        rows = read_csv(path, ["a"], ["b"], mistakes, prefixes=["c: "])
        assert rows is not None or mistakes
