"""How big the report of the demo is, how long it takes to write and to open, and what a frame of its replay costs.

    python benchmarks/report.py [DAYS]

Bars: 2 MB with 5 variants and a replay of 2,000 customers; open in 1 s; a frame in 8 ms. Needs Chromium.
"""

import shutil
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from playwright.sync_api import Page, sync_playwright

from storesim.experiment.study import load
from storesim.report.page.build import write_report
from storesim.report.run_directory import RunDirectory

SCENARIO = Path(__file__).resolve().parents[1] / "scenarios" / "market.yaml"
SPEED = 600
"""The busiest hour of the day is over in six seconds."""
SIZE_MB, OPEN_S, FRAME_MS = 2.0, 1.0, 8.0
COLLECT = """async () => {
  const costs = [], began = performance.now();
  while (performance.now() - began < 6000) {
    await new Promise(requestAnimationFrame);
    costs.push(window.storesimReplay.state().frame_ms.last);
  }
  return costs;
}"""
"""What each frame cost, in ms, for six seconds."""


def main(days: int) -> None:
    """Play the demo for some days, write its report, and measure it in a browser."""
    with TemporaryDirectory() as folder:
        out = Path(folder) / "run"
        load(SCENARIO, replications=days).run(out=out)
        began = time.perf_counter()
        path = write_report(RunDirectory.open(out))
        print(f"written in {time.perf_counter() - began:.1f} s")
        tell("size", path.stat().st_size / 1e6, SIZE_MB, "MB")
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            measure(chromium.new_page(viewport={"width": 1400, "height": 900}), path.as_uri())
            chromium.close()


def measure(page: Page, address: str) -> None:
    """Print how long a page takes to open, and what the frames of its replay cost in the busiest hour."""
    began = time.perf_counter()
    page.goto(address)
    tell("open, page loaded", time.perf_counter() - began, OPEN_S, "s")
    page.wait_for_selector("#replay-player[data-ready]")
    tell("open, replay ready", time.perf_counter() - began, OPEN_S, "s")
    costs = frames_ms(page)
    floors = " and ".join(page.evaluate("window.storesimReplay.state().variants"))
    print(f"replay of {floors}: {len(costs)} frames in 6 s")
    tell("frame, mean", float(costs.mean()), FRAME_MS, "ms")
    tell("frame, 95 in 100", float(np.percentile(costs, 95)), FRAME_MS, "ms")
    tell("frame, worst", float(costs.max()), FRAME_MS, "ms")


def frames_ms(page: Page) -> np.ndarray:
    """Return what each frame cost while the hour around the busiest minute played, both floors together."""
    page.locator('[data-r="busiest"]').click()
    page.evaluate("window.storesimReplay.seek(window.storesimReplay.state().time - 1800)")
    page.locator('[data-r="speed"]').select_option(str(SPEED))
    page.locator('[data-r="play"]').click()
    return np.array(page.evaluate(COLLECT))


def tell(what: str, value: float, bar: float, unit: str) -> None:
    """Print a measurement beside what was asked."""
    print(f"{what:20}{value:7.2f} {unit}, {'under' if value < bar else 'OVER'} {bar:g} {unit}", flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) == 2 else 2)
