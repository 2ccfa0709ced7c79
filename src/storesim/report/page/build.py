"""One page from a run directory: its sections in their order, styles and scripts in the file itself."""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from markupsafe import Markup

from storesim.report.page.at_work import at_work_sections
from storesim.report.page.charts import differences_section, funnel_section, lost_section, promotions_section
from storesim.report.page.first import first_section
from storesim.report.page.how import how_section
from storesim.report.page.money import handout_section, money_section
from storesim.report.page.numbers import Numbers
from storesim.report.page.plans import plans_section
from storesim.report.page.queue_charts import queues_section
from storesim.report.page.render import render
from storesim.report.page.replay import replay_section
from storesim.report.page.section import Section, SectionMaker
from storesim.report.page.sweep import sweep_section
from storesim.report.page.tables import checkouts_section, fixtures_section, products_section, zones_section
from storesim.report.run_directory import RunDirectory
from storesim.results.replacing import replacing

REPORT = "report.html"
ASSETS = Path(__file__).parent / "assets"
Progress = Callable[[int, int], None]
"""Called with (sections made, in all)."""

SECTIONS: tuple[SectionMaker, ...] = (
    # the order of the page: each owner adds the line of a section here
    first_section,
    money_section,
    plans_section,
    replay_section,
    differences_section,
    funnel_section,
    promotions_section,
    queues_section,
    lost_section,
    sweep_section,
    zones_section,
    fixtures_section,
    products_section,
    checkouts_section,
    at_work_sections,
    handout_section,
    how_section,
)
WITHOUT_TABLES: tuple[SectionMaker, ...] = (first_section, how_section)
"""What can be told of a run that ended before its first day."""


def write_report(
    run: RunDirectory,
    target: Path | None = None,
    progress: Progress | None = None,
    sections: Sequence[SectionMaker] = SECTIONS,
) -> Path:
    """Write the page of a run, whole or not at all, and return where: `target`, or report.html in the run."""
    path = target or run.path / REPORT
    text = page(run, progress, sections)
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
    return path


def page(run: RunDirectory, progress: Progress | None = None, sections: Sequence[SectionMaker] = SECTIONS) -> str:
    """Return the page of a run; the same run gives the same text."""
    numbers = Numbers(run.scenario.locale, run.scenario.currency)
    makers = sections if run.has("summary.csv") or run.shortfall is None else WITHOUT_TABLES
    made: list[Section] = []
    for number, maker in enumerate(makers, 1):
        section = maker(run, numbers)
        made += section if isinstance(section, list) else [section] if section else []
        if progress:
            progress(number, len(makers))
    style, script = asset_text("css"), asset_text("js")
    return render(
        "page",
        title=run.scenario.name,
        policy=policy(style, script),
        style=Markup(style),  # noqa: S704  our own files
        script=Markup(script),  # noqa: S704
        sections=made,
        data={section.id: json_text(section.data) for section in made},
        version=version("storesim"),
    )


def asset_text(suffix: str) -> str:
    """Return all our files of a kind as one text, in the order of their names, style.css and report.js first."""
    files = sorted(ASSETS.glob(f"*.{suffix}"), key=lambda path: (path.stem not in ("style", "report"), path.name))
    return "\n".join(path.read_text(encoding="utf-8").strip() for path in files)


def policy(style: str, script: str) -> str:
    """Return the content security policy: nothing from anywhere, and of what is inline only ours, by its hash."""
    return (
        f"default-src 'none'; style-src 'sha256-{_hash(style)}'; script-src 'sha256-{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return b64encode(sha256(text.encode("utf-8")).digest()).decode("ascii")


def json_text(data: Mapping[str, object]) -> Markup:
    """Return data as JSON that no name in it can end: every '<' is written as an escape.

    Raises:
        ValueError: a number is not finite; JSON has none such.
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for letter in "<\u2028\u2029":
        text = text.replace(letter, f"\\u{ord(letter):04x}")
    return Markup(text)  # noqa: S704  '<' is escaped, and nothing else ends a script
