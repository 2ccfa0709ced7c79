"""Kills a run's parent at random moments, resumes it, and holds every byte against a run that nothing disturbed.

python benchmarks/kills.py [KILLS [SEED]]
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.resume.kills import Trial, torn

REPLICATIONS = 40


def main(kills: int, seed: int) -> int:
    """Return how many runs ended with other bytes, or with a torn file."""
    moments, wrong = np.random.default_rng(seed), 0
    with TemporaryDirectory() as folder:
        undisturbed = Trial.make(Path(folder) / "undisturbed", REPLICATIONS)
        took_s = undisturbed.finish()
        expected = undisturbed.bytes_of()
        print(f"undisturbed: {took_s:.1f} s, {len(expected)} files")
        for number in range(1, kills + 1):
            trial = Trial.make(Path(folder) / str(number), REPLICATIONS)
            moment_s = float(moments.uniform(0, took_s))
            killed = trial.kill_after(moment_s)
            left = torn(trial.out) if trial.out.exists() else []
            there = len(list(trial.out.glob("finished/*/*.npz")))
            trial.finish("--resume")
            same = trial.bytes_of() == expected
            wrong += not same or bool(left)
            print(
                f"{number:3} {'killed' if killed else 'over'} after {moment_s:5.2f} s with {there:2} finished, "
                f"{len(left)} torn; resumed: {'same bytes' if same else 'OTHER BYTES'}",
                flush=True,
            )
    print(f"{kills - wrong} of {kills} ended with the same bytes")
    return wrong


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20, int(sys.argv[2]) if len(sys.argv) > 2 else 1)))
