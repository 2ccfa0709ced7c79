"""The report in a real browser: the system's Chromium, without a network."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Request, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
"""Screenshots of the last run of the tests, to be looked at; not part of the repository."""


@dataclass
class Opened:
    """A page with what it said and asked for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    """Errors and warnings on the console, uncaught exceptions, and dialogs."""
    requests: list[str] = field(default_factory=list)
    """Addresses asked for, but for the page itself."""


Open = Callable[..., Opened]


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
        running = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Open]:
    """Return a function that opens an HTML file: `open_page(path, width=1400, scripts=True, dark=False)`."""
    contexts = []

    def opened(path: Path, width: int = 1400, scripts: bool = True, dark: bool = False) -> Opened:
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
        )
        contexts.append(context)
        found = Opened(context.new_page())
        address = path.resolve().as_uri()

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
        found.page.goto(address)
        return found

    yield opened
    for context in contexts:
        context.close()
