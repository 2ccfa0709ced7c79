"""How big the report of the demo is, how long it takes to write and to open, and what a frame of its replay costs.

    python benchmarks/report.py [DAYS]

Bars: 2 MB with 5 variants and a replay of 2,000 customers; open in 1 s; a frame in 8 ms. Needs Chromium.
"""

import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright

from storesim.experiment.study import load
from storesim.report.page.build import write_report
from storesim.report.run_directory import RunDirectory

SCENARIO = Path(__file__).resolve().parents[1] / "scenarios" / "market.yaml"
PLAYED_S = 5


def main(days: int) -> None:
    """Play the demo for some days, write its report, and measure it in a browser."""
    with TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        load(SCENARIO, replications=days).run(out=out)
        began = time.perf_counter()
        path = write_report(RunDirectory.open(out))
        print(f"written in {time.perf_counter() - began:.1f} s; {path.stat().st_size / 1e6:.2f} MB (bar 2)")
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = chromium.new_page(viewport={"width": 1400, "height": 900})
            began = time.perf_counter()
            page.goto(path.as_uri())
            opened = time.perf_counter() - began
            page.wait_for_selector("#replay-player[data-ready]")
            print(f"open in {opened:.2f} s (bar 1), replay ready in {time.perf_counter() - began:.2f} s")
            print("frame, two floors: mean {mean:.1f}, worst {worst:.1f} ms (bar 8)".format(**frames_ms(page)))
            chromium.close()


def frames_ms(page: Page) -> dict[str, float]:
    """Return mean and worst cost of a frame of the replay, played from the busiest minute on."""
    page.locator('[data-r="busiest"]').click()
    page.locator('[data-r="play"]').click()
    page.wait_for_timeout(1000 * PLAYED_S)
    found: dict[str, float] = page.evaluate("window.storesimReplay.state().frame_ms")
    return found


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) == 2 else 2)
