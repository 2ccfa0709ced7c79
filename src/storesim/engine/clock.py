"""The clock of a day: SimPy's environment, made lean for those who mostly let time pass."""

from collections.abc import Callable, Generator
from heapq import heappop, heappush
from typing import Any

import simpy
from simpy.core import EmptySchedule
from simpy.events import NORMAL

Process = Generator[simpy.Event | float, Any, Any]
"""What somebody does in the store: it yields the seconds until it goes on, or the event that it waits for."""


class Clock(simpy.Environment):
    """A SimPy environment in which a process may also yield seconds, where SimPy has it yield a timeout.

    Nine in ten events of a day are such pauses, and nobody else waits for them. So a process has one event for all of
    its pauses, at half a microsecond each where a `simpy.Timeout` takes a whole one (a tenth of a day). All else is
    SimPy's: events and conditions, interrupts, resources, running until a time or an event.
    """

    __slots__ = ("now",)  # a day reads the time three times an event, and a slot costs half of SimPy's property

    now: float
    """Seconds after opening."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def process(self, steps: Process) -> "Activity":
        """Start a process at once, in the midst of the present event."""
        return Activity(self, steps)

    def step(self) -> None:
        """Let the next event happen.

        Raises:
            EmptySchedule: there is none.
        """
        queue = self._queue
        if not queue:
            raise EmptySchedule
        self.now, _, _, event = queue[0]
        if event.__class__ is _Pause:
            self._now = self.now
            heappop(queue)
            if event.callbacks:
                event.activity.go_on(event.send, None)
        else:
            super().step()


class Activity(simpy.Process):
    """A process that may yield seconds, begins at once, and ends without an event where nobody waits for its end."""

    env: Clock
    _generator: Process  # type: ignore[assignment]

    def __init__(self, env: Clock, steps: Process):
        self.env, self.callbacks, self._generator = env, [], steps
        self._pause = _Pause(self)
        self._target: simpy.Event = self._pause
        meanwhile = env.active_process
        self.go_on(steps.send, None)
        env._active_proc = meanwhile

    def go_on(self, how: Callable[[Any], simpy.Event | float], value: Any) -> None:
        """Do the next step, sent a value or thrown an exception; then pause, or wait for an event, or end."""
        env = self.env
        env._active_proc = self
        try:
            wait = how(value)
        except StopIteration as end:
            self._end(True, end.value)
        except Exception as error:
            if not self.callbacks:
                raise
            self._end(False, error)
        else:
            if wait.__class__ is float and wait >= 0.0:
                heappush(env._queue, (env.now + wait, NORMAL, next(env._eid), self._pause))
            else:
                self._wait_for(wait)
        env._active_proc = None

    def _wait_for(self, event: simpy.Event | float) -> None:
        """Wait for an event; seconds that are no float have come to here, too."""
        if isinstance(event, int | float):
            event = self.env.timeout(event)
        self._target = event
        if event.processed:
            self._resume(event)
        else:
            event.callbacks.append(self._resume)

    def _resume(self, event: simpy.Event) -> None:
        """Go on after another event than a pause: what SimPy calls, whatever happened."""
        if event is not self._target:  # an interrupt: what was waited for may still happen
            self._pause = _Pause(self)
        self._target = self._pause
        if event.ok:
            self.go_on(self._generator.send, event.value)
        else:
            event.defused = True
            self.go_on(self._generator.throw, event.value)

    def _end(self, ok: bool, value: Any) -> None:
        del self._pause  # it knows the process, too: neither would be freed
        self._target = None  # type: ignore[assignment]
        self._ok, self._value = ok, value
        if self.callbacks:
            self.env.schedule(self)
        else:
            self.callbacks = None  # type: ignore[assignment]


class _Pause(simpy.Event):
    """The time until a process goes on, used again and again; without callbacks once the process was interrupted."""

    def __init__(self, activity: Activity):
        self.env, self.activity, self.send = activity.env, activity, activity._generator.send
        self.callbacks = [activity._resume]
        self._ok, self._value = True, None
