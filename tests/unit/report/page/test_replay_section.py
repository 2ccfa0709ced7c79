"""The replay's section from a run directory: what it shows, what it says when it cannot, and how much fits."""

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest

from storesim.engine.log import Kind
from storesim.experiment.replication import Ready
from storesim.experiment.study import load
from storesim.report.page.numbers import Numbers
from storesim.report.page.replay import chosen, inside, record, replay_section, section_of
from storesim.report.page.replay_days import is_as_run, play_again
from storesim.report.page.section import Section
from storesim.report.run_directory import RunDirectory
from storesim.results.day import Day

ROOT = Path(__file__).parents[4]
ENGLISH = Numbers("en-US", "USD")


@pytest.fixture(scope="module")
def run_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of the small shop, two days."""
    path = tmp_path_factory.mktemp("replay") / "run"
    load(ROOT / "scenarios" / "small_shop.yaml", replications=2).run(out=path)
    return path


@pytest.fixture(scope="module")
def run(run_path: Path) -> RunDirectory:
    return RunDirectory.open(run_path)


@pytest.fixture(scope="module")
def section(run: RunDirectory) -> Section:
    made = replay_section(run, ENGLISH)
    assert made is not None
    return made


@pytest.fixture(scope="module")
def days(small_ready: Ready) -> list[Day]:
    population = small_ready.population(0)
    return [small_ready.play(variant, population, 0) for variant in range(len(small_ready.shops))]


class Elements(HTMLParser):
    """Collects elements with their attributes."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def test_the_played_day_is_the_one_in_the_tables(run: RunDirectory) -> None:
    for replication in (0, 1):
        days = play_again(run.scenario, replication, lambda *_: None)
        assert [is_as_run(day, run.responses) for day in days] == [True, True, True]


def test_progress_counts_floors_and_days(run: RunDirectory) -> None:
    told: list[tuple[int, int]] = []
    play_again(run.scenario, 0, lambda done, steps: told.append((done, steps)))
    assert told == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]


def test_a_day_that_comes_out_otherwise_is_not_shown(run_path: Path, tmp_path: Path) -> None:
    changed = tmp_path / "run"
    changed.mkdir()
    for name in ("manifest.json", "inputs", "summary.csv"):
        (changed / name).symlink_to(run_path / name)
    responses = pd.read_csv(run_path / "responses.csv")
    responses.loc[0, "value"] += 1
    responses.to_csv(changed / "responses.csv", index=False)
    section = replay_section(RunDirectory.open(changed), ENGLISH)
    assert section is not None
    assert "came out otherwise" in section.body
    assert section.data == {}


def test_without_a_finished_day_there_is_nothing_to_show(tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(json.dumps({"status": "interrupted", "finished": 0, "replications": 3}))
    assert replay_section(RunDirectory.open(tmp_path), ENGLISH) is None


def test_at_first_the_baseline_and_the_best_by_margin_are_shown(run: RunDirectory) -> None:
    margins = run.summary[run.summary["response"] == "margin"].set_index("variant")["mean"]
    first, second = chosen(run)
    assert first == "empty table"
    assert margins[second] == margins.drop("empty table").max()


def test_the_section_has_no_scripts_styles_or_handlers_of_its_own(section: Section) -> None:
    for tag, attributes in Elements(section.body).found:
        assert tag not in ("script", "style")
        assert not [name for name in attributes if name == "style" or name.startswith("on")]


def test_every_control_has_a_name(section: Section) -> None:
    body = section.body
    assert body.count("<select") == sum(
        body.count(label) for label in ("<label>Speed", "<label>Colour", "<label>Left", "<label>Right")
    )
    assert 'aria-label="Time of day"' in body
    assert "<label>Follow customer <input" in body


def test_without_scripts_a_curve_counts_the_customers(section: Section, run: RunDirectory) -> None:
    lines = [attributes for tag, attributes in Elements(section.body).found if tag == "polyline"]
    assert len(lines) == len(run.scenario.cases)
    assert "at most" in section.body
    assert "<noscript>" in section.body


def test_customers_inside_are_those_who_came_and_have_not_left(days: list[Day]) -> None:
    day = days[0]
    counted = inside(day, 13 * 60)
    came, left = (day.log.t_s[day.log.kind == kind] for kind in (Kind.ENTER, Kind.LEAVE))
    for minute in (0, 61, 300, 719, 779):
        assert counted[minute] == (came <= 60 * minute).sum() - (left <= 60 * minute).sum()
    assert counted[-1] == 0


def test_the_data_survive_json_and_are_the_same_again(run: RunDirectory, section: Section) -> None:
    again = replay_section(run, ENGLISH)
    assert again is not None
    assert json.dumps(again.data) == json.dumps(section.data)
    assert again.body == section.body


def test_variants_that_do_not_fit_are_named(days: list[Day]) -> None:
    whole = record(days, ("empty table", "snacks at the door"))
    sizes = [len(part) for part in whole.parts]
    less = record(days, ("empty table", "snacks at the door"), len(whole.shared) + sum(sizes[:2]))
    assert less.left_out == ("drinks and snacks change sides",)
    assert less.parts == whole.parts[:2]
    assert less.every == 1


def test_when_two_variants_do_not_fit_fewer_customers_are_shown(days: list[Day]) -> None:
    whole = record(days, ("empty table", "snacks at the door"))
    most = sum(len(part) for part in whole.parts[:2]) // 2
    less = record(days, ("empty table", "snacks at the door"), most)
    assert less.every in (2, 4)
    assert len(less.shared) + sum(len(part) for part in less.parts) <= most
    assert (less.tracks[0].tracks.customer % less.every == 0).all()


def test_hostile_names_are_escaped(days: list[Day]) -> None:
    hostile = [replace(day, case=replace(day.case, name=f"<script>{i}</script>")) for i, day in enumerate(days)]
    section = section_of(hostile, ("<script>0</script>",), ENGLISH)
    assert "<script" not in section.body
    assert "&lt;script&gt;" in section.body
