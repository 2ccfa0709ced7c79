"""The whole page: one file, nothing from outside, everything that comes from a file escaped, same run same bytes."""

import json
import re
import shutil
from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup

from storesim.report.page import build
from storesim.report.page.section import Section
from storesim.report.run_directory import RunDirectory

SCRIPT = "<script>alert(1)</script>"
CLOSING = "</script><b onclick=evil()>"


@pytest.fixture(scope="module")
def html(hostile_run: RunDirectory) -> str:
    return build.page(hostile_run)


@pytest.fixture(scope="module")
def page(html: str, take_apart: Any) -> Any:
    return take_apart(html)


def test_names_from_files_are_shown_as_they_are_written(page: Any) -> None:
    for name in (SCRIPT, CLOSING, "say \"cheese\" & <i>'wine'</i>", "G2' onload='x", '=HYPERLINK("http://x.example"'):
        assert name in page.text


def test_no_script_but_ours_and_no_handler(page: Any) -> None:
    scripts = [element for element in page.elements if element.tag == "script"]
    assert [one for one in scripts if one.attributes.get("type") != "application/json"] == scripts[-1:]
    attributes = {name for element in page.elements for name in element.attributes}
    assert not {name for name in attributes if name.startswith("on") or name in ("style", "src", "srcset")}
    assert not [element for element in page.elements if element.tag == "b"]


def test_nothing_is_fetched_from_anywhere(html: str, page: Any) -> None:
    links = [element.attributes["href"] for element in page.elements if "href" in element.attributes]
    assert all(link.startswith(("#", "data:image/png;base64,")) for link in links)
    assert not re.search(r"@import|url\((?!data:)|\bfetch\(|XMLHttpRequest|\beval\(|new Function", html)


def test_the_policy_allows_only_what_stands_in_the_file(html: str, page: Any) -> None:
    (policy,) = (e.attributes["content"] for e in page.elements if e.attributes.get("http-equiv"))
    assert policy.startswith("default-src 'none'; ")
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        (text,) = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        hashed = b64encode(sha256(text.encode()).digest()).decode()
        assert f"{directive} 'sha256-{hashed}'" in policy
    assert "unsafe" not in policy


def test_every_part_has_a_heading_and_the_page_leads_there(page: Any) -> None:
    ids = [element.attributes["id"] for element in page.elements if element.attributes.get("id")]
    assert len(ids) == len(set(ids))
    links = {e.attributes["href"][1:] for e in page.elements if e.tag == "a"}
    sections = {e.attributes["id"] for e in page.elements if e.tag == "section"}
    assert sections <= links <= set(ids)


def test_every_control_has_a_label(html: str) -> None:
    for control in re.finditer(r"<(input|select)\b[^>]*>", html):
        before = html[: control.start()]
        inside = before.rfind("<label") > before.rfind("</label>")
        assert inside or "aria-label" in control[0] or re.search(r'\bid="', control[0])


def test_the_same_run_gives_the_same_bytes(hostile_path: Path, html: str, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    shutil.copytree(hostile_path, copy)
    assert build.write_report(RunDirectory.open(copy)).read_text(encoding="utf-8") == html


def test_the_page_is_told_as_it_grows(hostile_run: RunDirectory) -> None:
    told: list[tuple[int, int]] = []
    build.page(hostile_run, lambda done, in_all: told.append((done, in_all)), build.WITHOUT_TABLES)
    assert told == [(1, 2), (2, 2)]


def test_data_cannot_end_their_script() -> None:
    text = build.json_text({"name": "</script><!--\u2028", "n": 1.5})
    assert "<" not in text
    assert "\u2028" not in text
    assert json.loads(text) == {"name": "</script><!--\u2028", "n": 1.5}


def test_data_have_no_number_that_json_has_not() -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        build.json_text({"n": float("nan")})


def test_data_stand_beside_their_section(hostile_run: RunDirectory) -> None:
    html = build.page(hostile_run, None, [lambda *_: Section("a", "A <b>", Markup("<p>x</p>"), {"k": ["<"]})])
    assert '<script type="application/json" id="a-data">{"k":["\\u003c"]}</script>' in html


def test_a_run_that_ended_before_its_first_day_says_so(hostile_path: Path, tmp_path: Path, take_apart: Any) -> None:
    run = unfinished(hostile_path, tmp_path / "run", "failed", 0)
    for table in run.path.glob("*.csv"):
        table.unlink()
    text = take_apart(build.page(run)).text
    assert "This run failed: 0 of 3 days are in it." in text
    assert "No day was finished." in text
    assert "How it was run" in text


def test_an_interrupted_run_shows_what_it_has(hostile_path: Path, tmp_path: Path, take_apart: Any) -> None:
    run = unfinished(hostile_path, tmp_path / "run", "interrupted", 2)
    text = take_apart(build.page(run, None, build.WITHOUT_TABLES)).text
    assert "This run was interrupted: 2 of 3 days are in it. The numbers below are of these days only." in text
    assert "2 days per variant" in text


def unfinished(path: Path, copy: Path, status: str, finished: int) -> RunDirectory:
    shutil.copytree(path, copy)
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    (copy / "manifest.json").write_text(json.dumps(manifest | {"status": status, "finished": finished}))
    return RunDirectory.open(copy)
