"""The report in a real browser: the system's Chromium, without a network."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pandas as pd
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = "<script>alert(1)</script>"


@dataclass
class Opened:
    """A page with what it said and asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    """Errors and warnings on the console, uncaught exceptions, and dialogs."""
    requests: list[str] = field(default_factory=list)
    """Addresses asked for, but for the page itself."""


Open = Callable[..., Opened]


@dataclass(frozen=True)
class Run:
    """A run directory with its page."""

    path: Path

    @property
    def page(self) -> Path:
        return self.path / "report.html"

    @property
    def question(self) -> str:
        return str(json.loads((self.path / "manifest.json").read_text())["question"])

    @property
    def variants(self) -> list[str]:
        names: list[str] = json.loads((self.path / "manifest.json").read_text())["variants"]
        return names

    def table(self, name: str) -> pd.DataFrame:
        return pd.read_csv(self.path / f"{name}.csv")

    def events(self, variant: str, kind: str) -> pd.DataFrame:
        """Events of a kind on the first day, in order; t_s counts from opening, as the replay does."""
        file = self.path / "events" / f"variant={variant}" / "replication=0000.parquet"
        log = duckdb.read_parquet(str(file)).filter(f"kind = '{kind}'").order("t_s, customer")
        return log.select("t_s, customer, product, units, amount").df()


@pytest.fixture(scope="session")
def hostile() -> str:
    """What milk is called in the run."""
    return HOSTILE


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Three days of the small shop, run by the command; milk is called like a script."""
    folder = tmp_path_factory.mktemp("shop")
    for name in ("data/small", "layouts", "scenarios"):
        shutil.copytree(ROOT / name, folder / name)
    products = folder / "data" / "small" / "products.csv"
    text = products.read_text(encoding="utf-8")
    assert "milk,Milk," in text
    products.write_text(text.replace("milk,Milk,", f"milk,{HOSTILE},"), encoding="utf-8")
    words = ["storesim", "run", "scenarios/small_shop.yaml", "--replications", "3", "--out", "run"]
    subprocess.run([sys.executable, "-m", *words], cwd=folder, check=True, capture_output=True)
    return Run(folder / "run")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return Chromium; without one the test is skipped, but in CI it fails."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        message = "no Chromium here; install it to test the report (on Debian: apt-get install chromium)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        # Processes more would draw the same picture, and cost a sixth of the time.
        fewer = ["--disable-gpu", "--in-process-gpu", "--renderer-process-limit=1"]
        running = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", *fewer])
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Return a function that opens an HTML file: `open_page(path, width=1400, scripts=True, dark=False)`.

    Whatever the test does there: the console stays silent, no dialog opens, and nothing is asked of a network.
    """
    contexts, pages = [], []

    def opened(path: Path, width: int = 1400, scripts: bool = True, dark: bool = False) -> Opened:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        found = Opened(context.new_page())
        pages.append(found)
        listen(found, path.resolve().as_uri())
        found.page.goto(path.resolve().as_uri())
        if scripts:
            found.page.wait_for_selector("#replay-player[data-ready]")
        return found

    yield opened
    for context in contexts:
        context.close()
    assert [found.complaints for found in pages if found.complaints] == []
    assert [found.requests for found in pages if found.requests] == []


def listen(found: Opened, address: str) -> None:
    """Note what the page at an address says and asks for."""

    def heard(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            found.complaints.append(message.text)

    def answered(dialog: Dialog) -> None:
        found.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def asked(request: Request) -> None:
        if request.url.partition("#")[0] != address:
            found.requests.append(request.url)

    found.page.on("console", heard)
    found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
    found.page.on("dialog", answered)
    found.page.on("request", asked)


@pytest.fixture
def page(run: Run, open_page: Open) -> Page:
    """Return the page of the run with its replay read, 1400 px wide."""
    return open_page(run.page).page
