"""The store at work on the page: staff and stock as in their tables, where a run has them."""

import pytest

from storesim.report.page.at_work import at_work_sections
from storesim.report.page.numbers import Numbers
from storesim.report.page.section import Section
from storesim.report.run_directory import RunDirectory

EURO = Numbers("de-DE", "EUR")


@pytest.fixture(scope="module")
def sections(staffed_run: RunDirectory) -> dict[str, Section]:
    return {section.id: section for section in at_work_sections(staffed_run, EURO)}


def test_a_section_for_each_table_that_there_is(sections: dict[str, Section]) -> None:
    assert list(sections) == ["staff", "stock"]


def test_a_store_without_operations_has_none(hostile_run: RunDirectory) -> None:
    assert at_work_sections(hostile_run, EURO) == []


def test_only_jobs_that_somebody_does_are_listed(sections: dict[str, Section], take_apart, staffed_run) -> None:
    page = take_apart(sections["staff"].body)
    done = set(staffed_run.table_if_any("staff", "job").query("hours > 0")["job"])
    assert done == {"till", "refill"}
    assert {job: job in page.text for job in ("till", "refill", "attend", "counter", "pick", "advise")} == {
        "till": True, "refill": True, "attend": False, "counter": False, "pick": False, "advise": False,
    }  # fmt: skip


def test_names_are_text_and_no_markup(sections: dict[str, Section], take_apart) -> None:
    page = take_apart(sections["stock"].body)
    assert "<script>alert(1)</script>" in page.text
    assert "script" not in {element.tag for element in page.elements}
