"""The clock: what SimPy plays with timeouts, it plays with seconds, event for event."""

from collections.abc import Callable, Generator
from typing import Any

import pytest
import simpy

from storesim.engine.clock import Clock, Process

Story = list[tuple[float, str]]


def test_seconds_pass_as_timeouts_do_among_resources_conditions_and_interrupts() -> None:
    env = simpy.Environment()
    simpys = told(env, env.timeout)
    assert told(Clock(), float) == simpys
    assert {word.split()[-1] for _, word in simpys} == {"served", "leaves", "disturbed", "out"}


def test_who_is_interrupted_in_a_pause_goes_on_then_and_is_not_woken_by_it_later() -> None:
    env, story = Clock(), Story()

    def sleeper() -> Process:
        try:
            yield 10.0
        except simpy.Interrupt as interrupt:
            story.append((env.now, str(interrupt.cause)))
        yield 20.0
        story.append((env.now, "awake"))

    def caller(asleep: simpy.Process) -> Process:
        yield 4.0
        asleep.interrupt("called")

    env.process(caller(env.process(sleeper())))
    env.run()
    assert story == [(4, "called"), (24, "awake")]


def test_a_process_begins_at_once_within_the_one_that_starts_it() -> None:
    env, story = Clock(), Story()

    def child() -> Process:
        story.append((env.now, "child"))
        assert env.active_process is not parent_process
        yield 1.0

    def parent() -> Process:
        yield 3.0
        env.process(child())
        assert env.active_process is parent_process
        story.append((env.now, "parent"))

    parent_process = env.process(parent())
    env.run()
    assert story == [(3, "child"), (3, "parent")]


@pytest.mark.parametrize("patience_s", [0.0, 9.0])
def test_whoever_waits_for_a_process_gets_what_it_returns_however_late(patience_s: float) -> None:
    env, got = Clock(), []

    def errand() -> Process:
        yield 5.0
        return "milk"

    def waiter(errand: simpy.Process) -> Process:
        yield patience_s
        got.append((yield errand))

    env.process(waiter(env.process(errand())))
    env.run()
    assert (got, env.now) == (["milk"], max(5.0, patience_s))


def test_a_mistake_in_a_process_ends_the_run_unless_somebody_waits_for_it() -> None:
    def careless() -> Process:
        yield 1.0
        raise KeyError("lost")

    env, met = Clock(), []
    env.process(careless())
    with pytest.raises(KeyError, match="lost"):
        env.run()

    def friend(careless: simpy.Process) -> Process:
        try:
            yield careless
        except KeyError:
            met.append(env.now)

    env.process(friend(env.process(careless())))
    env.run()
    assert met == [2]


def test_time_does_not_run_backwards() -> None:
    def hasty() -> Process:
        yield 1.0
        yield -0.5

    env = Clock()
    env.process(hasty())
    with pytest.raises(ValueError, match=r"-0\.5"):
        env.run()


def test_the_clock_stops_where_it_is_told_to_and_goes_on_from_there() -> None:
    env, story = Clock(), Story()

    def ticking() -> Process:
        for _ in range(3):
            yield 2  # whole seconds pass, too
            story.append((env.now, "tick"))

    env.process(ticking())
    env.run(until=5)
    assert env.now == 5
    assert [at_s for at_s, _ in story] == [2, 4]
    env.run()
    assert [at_s for at_s, _ in story] == [2, 4, 6]


def told(env: simpy.Environment, wait: Callable[[float], Any]) -> Story:
    """Return what customers do who use one server, with patience and precedence, while somebody disturbs them."""
    story, server = Story(), simpy.PriorityResource(env, capacity=1)

    def customer(number: int) -> Generator[Any, Any, None]:
        yield wait(number * 0.75)
        try:
            with server.request(priority=-number % 3) as turn:
                yield turn | env.timeout(6.5)
                story.append((env.now, f"{number} {'served' if turn.triggered else 'leaves'}"))
                if turn.triggered:
                    yield wait(2.5)
        except simpy.Interrupt:
            story.append((env.now, f"{number} disturbed"))
            yield wait(1.25)
        story.append((env.now, f"{number} out"))

    def disturber(customers: list[simpy.Process]) -> Generator[Any, Any, None]:
        yield wait(6.1)
        for number in (2, 5, 7, 6):
            if customers[number].is_alive:
                customers[number].interrupt()
            yield wait(1.1)
        yield env.all_of(customers)
        story.append((env.now, "all out"))

    env.process(disturber([env.process(customer(number)) for number in range(8)]))
    env.run()
    return story
