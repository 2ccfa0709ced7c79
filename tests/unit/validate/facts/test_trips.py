"""What is observed of a trip."""

import numpy as np
import pytest

from storesim.results.day import Day
from storesim.results.responses import RESPONSES, measure
from storesim.validate.facts.trips import acquiring, mean_path, trip_s, zone_s


def response(day: Day, name: str) -> float:
    return float(measure(day)[[response.name for response in RESPONSES].index(name)])


def test_the_mean_path_is_the_response_of_that_name(small_day: Day) -> None:
    assert mean_path((small_day,))[0] == pytest.approx(response(small_day, "walked_m"))


def test_a_trip_takes_what_standing_walking_waiting_and_paying_take(small_day: Day) -> None:
    trips = small_day.trips
    seconds, moves = trip_s(small_day), trips.moves
    everything = np.bincount(moves.customer, moves.lasts_s(np.arange(len(moves.t_s))), len(small_day.population))
    assert seconds == pytest.approx(everything)
    assert np.all(seconds > trips.walked_m / 1.6)
    stood, whole = acquiring((small_day,))
    assert 0 < stood < whole


def test_seconds_in_all_zones_are_those_walked_and_stood_before_the_tills(small_day: Day) -> None:
    trips = small_day.trips
    walked_s = (trips.traversals @ small_day.floor.ways.edge_m) / small_day.population.speed_m_s
    assert zone_s(small_day).sum() == pytest.approx(walked_s.sum() + trips.stood_s.sum(), rel=0.01)
