"""Main effects and Sobol indices against functions whose effects are known."""

import csv
from math import pi
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from storesim.inputs.sweep_points import points
from storesim.inputs.swept import Sweep, SweptName
from storesim.results.responses import RESPONSES
from storesim.results.sobol import sobol_indices
from storesim.results.sweep import Swept, write_points
from storesim.results.sweep_effects import levels, main_effects, write_effects

Floats = NDArray[np.float64]
REPLICATIONS = 3
SALES = [response.name for response in RESPONSES].index("sales")


def ishigami(x: Floats) -> Floats:
    """Return sin x1 + 7 sin² x2 + 0.1 x3⁴ sin x1, shape (points, 3) -> (points,); each x between -π and π."""
    return np.asarray(np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0]))


def sobol_sweep(size: int, *ranges: tuple[float, float]) -> Sweep:
    over = tuple(SweptName(f"x{k}", ("parameters", f"x{k}"), *ends) for k, ends in enumerate(ranges, 1))
    return Sweep("sobol", over, size, REPLICATIONS)


def hypercube(size: int, *ranges: tuple[float, float]) -> Sweep:
    over = tuple(SweptName(f"x{k}", ("parameters", f"x{k}"), *ends) for k, ends in enumerate(ranges, 1))
    return Sweep("latin hypercube", over, size, REPLICATIONS)


def swept(sweep: Sweep, noise: float = 0.0) -> Swept:
    """Two variants whose sales follow 100 + 3 x1 for the baseline, and 5 x1 - 2 x2 more for the other."""
    values = points(sweep, 1)
    x = np.array(values, dtype=np.float64)
    days = np.zeros((len(x), REPLICATIONS, 2, len(RESPONSES)))
    day = noise * np.arange(REPLICATIONS)
    days[:, :, 0, SALES] = (100 + 3 * x[:, 0])[:, None]
    days[:, :, 1, SALES] = days[:, :, 0, SALES] + (5 * x[:, 0] - 2 * x[:, 1])[:, None] + day * x[:, :1]
    return Swept(sweep, values, days)


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


# Sobol indices


def test_the_indices_of_ishigamis_function_are_those_of_the_literature() -> None:
    """First order 0.3139, 0.4424, 0; total 0.5576, 0.4424, 0.2437 (Sobol & Levitan 1999)."""
    x = np.array(points(sobol_sweep(1024, *[(-pi, pi)] * 3), 1))
    found = sobol_indices(ishigami(x)[:, None], 3)
    assert found.first[0, 0] == pytest.approx([0.3139, 0.4424, 0.0], abs=0.03)
    assert found.total[0, 0] == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.03)
    truth = np.array([[0.3139, 0.4424, 0.0], [0.5576, 0.4424, 0.2437]])
    low, high = np.stack([found.first, found.total])[:, 1:, 0].transpose(1, 0, 2)
    assert np.all((low <= truth) & (truth <= high))
    assert np.all(high - low < 0.3), "wide enough to hold anything proves nothing"


def test_in_a_linear_function_indices_are_squared_slopes_and_nothing_is_shared() -> None:
    x = np.array(points(sobol_sweep(512, (0, 1), (0, 1), (0, 1)), 1))
    found = sobol_indices((x @ [3.0, 4.0, 0.0])[:, None], 3)
    assert found.first[0, 0] == pytest.approx([9 / 25, 16 / 25, 0], abs=0.02)
    assert found.total[0, 0] == pytest.approx([9 / 25, 16 / 25, 0], abs=0.02)


def test_what_does_not_vary_has_no_indices() -> None:
    x = np.array(points(sobol_sweep(16, (0, 1), (0, 1)), 1))
    found = sobol_indices(np.column_stack((x[:, 0], np.full(len(x), 7.0))), 2)
    assert np.isnan(found.first[:, 1]).all()
    assert np.isnan(found.total[:, 1]).all()
    assert np.isfinite(found.first[:, 0]).all()


def test_what_varies_at_one_point_only_has_indices_that_a_store_can_have() -> None:
    """Most resamples of two base points take one of them twice, and then nothing varies but rounding."""
    outputs = np.full((2 * 4, 1), 0.1)
    outputs[1] = 0.3
    found = sobol_indices(outputs, 2)
    assert np.all(np.abs(found.total) < 10)


def test_the_same_points_give_the_same_intervals() -> None:
    x = np.array(points(sobol_sweep(32, *[(-pi, pi)] * 3), 1))
    one, two = (sobol_indices(ishigami(x)[:, None], 3) for _ in range(2))
    assert np.array_equal(one.first, two.first)
    assert np.array_equal(one.total, two.total)


def test_a_wrong_number_of_points_is_refused() -> None:
    with pytest.raises(ValueError, match="multiple"):
        sobol_indices(np.zeros((7, 1)), 2)


# Main effects


@pytest.mark.parametrize("sweep", [hypercube(12, (0, 2), (10, 20)), sobol_sweep(8, (0, 2), (10, 20))])
def test_main_effects_of_a_linear_model_are_its_slopes_times_the_ranges(sweep: Sweep) -> None:
    effects, halves = main_effects(swept(sweep))
    assert effects[:, 0, SALES] == pytest.approx([3 * 2, 0], abs=1e-9)
    assert effects[:, 1, SALES] == pytest.approx([5 * 2, -2 * 10])
    assert np.all(np.delete(effects, SALES, axis=2) == 0)
    assert np.all(halves[..., 0] == 0)


def test_in_a_grid_they_are_the_step_from_the_first_value_to_the_last() -> None:
    names = (
        SweptName("x1", ("parameters", "x1"), None, None, (0.0, 1.0, 2.0)),
        SweptName("x2", ("parameters", "x2"), None, None, (10.0, 20.0)),
    )
    found = swept(Sweep("grid", names, 1, REPLICATIONS))
    assert len(found.values) == 6
    effects, _ = main_effects(found)
    assert effects[:, 1, SALES] == pytest.approx([5 * 2, -2 * 10])
    assert [(level.name, level.value, level.holds.sum()) for level in levels(found)] == [
        ("x1", 0.0, 2), ("x1", 1.0, 2), ("x1", 2.0, 2), ("x2", 10.0, 3), ("x2", 20.0, 3),
    ]  # fmt: skip


def test_their_intervals_tell_how_days_differ() -> None:
    """The slope of x1 is 5, 6 and 7 on three days: mean 6, and the t interval of three numbers one apart."""
    effects, halves = main_effects(swept(hypercube(12, (0, 2), (10, 20)), noise=1.0))
    assert effects[0, 1, SALES] == pytest.approx(6 * 2)
    assert halves[0, 1, SALES] == pytest.approx(2 * 4.302653 / 3**0.5)


def test_fewer_points_than_names_tell_nothing_of_them() -> None:
    effects, _ = main_effects(swept(hypercube(2, (0, 2), (10, 20))))
    assert np.isnan(effects).all()


def test_every_point_is_in_one_level_of_each_name() -> None:
    found = swept(hypercube(40, (0, 2), (10, 20)))
    for name in found.names:
        holds = np.array([level.holds for level in levels(found) if level.name == name])
        assert len(holds) == 8
        assert np.all(holds.sum(axis=0) == 1)
        assert np.all(holds.sum(axis=1) == 5), "a Latin hypercube has as many points in every part"


# Files


def test_one_row_a_point_variant_and_response(tmp_path: Path) -> None:
    found = swept(hypercube(5, (0, 2), (10, 20)), noise=1.0)
    write_points(tmp_path, ["grid", "other"], "USD", found)
    table = rows(tmp_path / "sweep.csv")
    assert len(table) == 5 * 2 * len(RESPONSES)
    assert list(table[0]) == [
        "point", "x1", "x2", "variant", "response", "unit", "mean", "half_width", "difference", "diff_low", "diff_high",
    ]  # fmt: skip
    assert all(row["difference"] == row["diff_low"] == "" for row in table if row["variant"] == "grid")
    row = next(row for row in table if (row["point"], row["variant"], row["response"]) == ("3", "other", "sales"))
    x1, x2 = (float(row[name]) for name in ("x1", "x2"))
    assert (x1, x2) == pytest.approx(found.values[2])
    assert float(row["difference"]) == pytest.approx(6 * x1 - 2 * x2)
    half = 4.302653 * x1 / 3**0.5
    assert float(row["diff_high"]) - float(row["difference"]) == pytest.approx(half, rel=1e-6)


@pytest.mark.parametrize(("sweep", "has_indices"), [(hypercube(8, (0, 2), (10, 20)), False),
                                                    (sobol_sweep(8, (0, 2), (10, 20)), True)])  # fmt: skip
def test_effects_and_levels_are_written_with_indices_where_there_are_any(
    tmp_path: Path, sweep: Sweep, has_indices: bool
) -> None:
    found = swept(sweep)
    write_effects(tmp_path, ["grid", "other"], "USD", found)
    table = rows(tmp_path / "sweep_effects.csv")
    assert len(table) == 2 * len(RESPONSES) * 2
    row = next(row for row in table if (row["variant"], row["response"], row["swept"]) == ("other", "sales", "x2"))
    assert float(row["effect"]) == pytest.approx(-20)
    assert bool(row["first_order"] and row["total_high"]) == has_indices
    visitors = next(row for row in table if row["response"] == "visitors")
    assert (visitors["effect"], visitors["first_order"]) == ("0", ""), "nothing varies, so nothing is shared out"
    counted = rows(tmp_path / "sweep_levels.csv")
    assert sum(int(row["points"]) for row in counted) == 2 * len(RESPONSES) * 2 * len(found.values)
