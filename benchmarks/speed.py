"""Customers per CPU second, side by side in one run: storesim, covid19-supermarket-abm 0.0.5, and bare SimPy.

The three take turns, so that a machine whose speed drifts treats them alike; the first day of each process warms it
up and is not counted; medians are printed.
"""

import json
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from statistics import median

import simpy

HERE = Path(__file__).parent
PEER = "covid19-supermarket-abm==0.0.5"
TURNS, DAYS = 5, 6
EVENTS_PER_PROCESS, PROCESSES = 20, 2_000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        peer_python = install_peer(Path(folder))
        own, measured, events, peer, bare, memory = [], [], [], [], [], []
        for turn in range(TURNS):
            days = run(sys.executable, "own_day.py")
            own += [day["customers"] / day["cpu_s"] for day in days["days"][1:]]
            measured += [day["customers"] / day["measured_cpu_s"] for day in days["days"][1:]]
            events += [one["events"] / one["loop_cpu_s"] for one in days["loops"][1:]]
            memory.append(days["peak_mb"])
            if peer_python:
                peer += [day["customers"] / day["cpu_s"] for day in run(peer_python, "peer_day.py")[1:]]
            bare.append(bare_simpy())
            print(f"turn {turn + 1} of {TURNS} done", file=sys.stderr)
    print(f"storesim, draw and play            {median(own):9,.0f} customers per CPU second")
    print(f"storesim, with responses and tables{median(measured):9,.0f} customers per CPU second")
    print(f"peak memory of the market's days   {max(memory):9,.0f} MB (asked: under 300)")
    print(f"bare SimPy                         {median(bare):9,.0f} timeouts per CPU second")
    print(f"storesim's loop                    {median(events):9,.0f} events per CPU second")
    print(f"share of bare SimPy                {median(events) / median(bare):9.0%}")
    if peer:
        print(f"{PEER}     {median(peer):9,.0f} customers per CPU second")
        print(f"ratio, draw and play               {median(own) / median(peer):9.2f} (asked: at least 1.5)")
    else:
        print(f"{PEER} could not be installed here: no ratio")


def install_peer(folder: Path) -> str:
    """Return the Python of an environment with the peer in it; '' when it cannot be installed."""
    venv.create(folder / "peer", with_pip=True)
    python = str(folder / "peer" / "bin" / "python")
    done = subprocess.run([python, "-m", "pip", "install", "-q", PEER], check=False, capture_output=True, text=True)
    if done.returncode:
        print(done.stderr, file=sys.stderr)
    return "" if done.returncode else python


def run(python: str, script: str):
    done = subprocess.run([python, str(HERE / script), str(DAYS)], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


def bare_simpy() -> float:
    """Return timeouts per CPU second of processes that do nothing else."""
    env = simpy.Environment()

    def process():
        for _ in range(EVENTS_PER_PROCESS):
            yield env.timeout(1.0)

    for _ in range(PROCESSES):
        env.process(process())
    before = time.process_time()
    env.run()
    return EVENTS_PER_PROCESS * PROCESSES / (time.process_time() - before)


main()
