"""One day of covid19-supermarket-abm 0.0.5 as its README runs it; prints customers and CPU seconds as JSON.

Run by `speed.py` in an environment of its own: the package is GPL-3 and only measured, never used.
"""

import contextlib
import io
import json
import random
import sys
import time
import warnings

warnings.simplefilter("ignore")

from covid19_supermarket_abm.path_generators import get_path_generator  # noqa: E402
from covid19_supermarket_abm.simulator import simulate_one_day  # noqa: E402
from covid19_supermarket_abm.utils.load_example_data import load_example_paths, load_example_store_graph  # noqa: E402

CONFIG = {"arrival_rate": 2.55, "traversal_time": 0.2, "num_hours_open": 14, "infection_proportion": 0.0011}


def main() -> None:
    days = int(sys.argv[1])
    random.seed(1)
    with contextlib.redirect_stdout(io.StringIO()):
        graph = load_example_store_graph()
        generator, arguments = get_path_generator(zone_paths=load_example_paths(), G=graph)
    rows = []
    for _ in range(days):
        before = time.process_time()
        with contextlib.redirect_stdout(io.StringIO()):
            result = simulate_one_day(CONFIG, graph, generator, arguments)
        rows.append({"customers": int(result["num_cust"]), "cpu_s": time.process_time() - before})
    print(json.dumps(rows))


main()
