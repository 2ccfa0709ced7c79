"""Markup made element by element: nothing that comes from a file gets out of its place."""

import pytest
from markupsafe import Markup

from storesim.report.page.svg import joined, number, path_of, tag

HOSTILE = """<script>alert("1")</script> & 'so' on"""


def test_text_and_attributes_are_escaped() -> None:
    made = tag("text", HOSTILE, class_=HOSTILE)
    assert "<script" not in made
    assert made.count("<") == 2
    assert made.count('"') == 2
    assert "&lt;script&gt;" in made


def test_markup_inside_an_element_stays_markup() -> None:
    assert tag("g", tag("path", d="M0 0"), "a<b") == Markup('<g><path d="M0 0"/>a&lt;b</g>')


def test_names_of_attributes_are_those_of_svg() -> None:
    made = tag("line", class_="c-axis", stroke_width=1.5, viewBox="0 0 1 1", aria_hidden="true")
    assert made == '<line class="c-axis" stroke-width="1.5" viewBox="0 0 1 1" aria-hidden="true"/>'


def test_an_attribute_can_be_left_out_or_stand_alone() -> None:
    assert tag("input", checked=True, hidden=False, value=None) == "<input checked/>"


def test_an_empty_element_of_html_is_closed() -> None:
    assert tag("div") == "<div></div>"


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (-0.004, "0"), (1 / 3, "0.33"), (100.0, "100"), (-2.5, "-2.5")])
def test_coordinates_have_a_fixed_precision(value: float, text: str) -> None:
    assert number(value) == text


def test_a_path_goes_through_its_points() -> None:
    assert path_of([(0, 0), (1, 0.5)], closed=False) == "M0 0L1 0.5"


def test_children_that_are_none_are_left_out() -> None:
    assert joined(["a", None, 2.0]) == "a2"
