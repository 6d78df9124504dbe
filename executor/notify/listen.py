"""Whoever listens to a run beside those that show it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Protocol

from executor.config import Configuration
from executor.errors import ExecutorError, InterruptedRunError
from executor.events import Event, OnEvent

from . import traces
from .hooks import Hooks

#: seconds left to tell of an end after SIGTERM, which is followed by SIGKILL before long
_IN_A_HURRY = 5.0


class Listener(Protocol):
    """Takes events without waiting for anything."""

    def __call__(self, event: Event) -> None:
        """Something has happened."""

    def failed(self, error: ExecutorError) -> None:
        """The command ends with an error."""

    def close(self, longest: float) -> None:
        """The command ends; at most so many seconds are left."""


def listeners(
    settings: Configuration, environment: str | None, say: Callable[[str], None]
) -> list[Listener]:
    """Those that the configuration and the OTEL_* variables ask for; none is most usual."""
    found: list[Listener] = []
    if own := [h for h in settings.hooks if not h.environments or environment in h.environments]:
        found.append(Hooks(own, environment, settings.directory, settings.secrets(), say))
    if traces.wanted():
        try:
            found.append(traces.Traces(say))
        except ModuleNotFoundError:
            say("spans need the extra `otel`: pip install 'sql-plan-executor[otel]'")
        except Exception as error:  # noqa: BLE001 - of what a variable says; it is not the run's
            say(f"spans: {type(error).__name__}: {error}")
    return found


@contextmanager
def listening(show: OnEvent, those: Sequence[Listener]) -> Iterator[OnEvent]:
    """While a command is done, what happens is shown, and told to each; none can fail it."""

    def tell(event: Event) -> None:
        show(event)
        for listener in those:
            with suppress(Exception):
                listener(event)

    longest = math.inf
    try:
        yield tell
    except KeyboardInterrupt:
        longest = _IN_A_HURRY
        raise
    except ExecutorError as error:
        if isinstance(error, InterruptedRunError):
            longest = _IN_A_HURRY
        _tell_failed(those, error)
        raise
    except Exception as error:  # a bug, or nobody reads any longer what is shown
        _tell_failed(those, ExecutorError(f"stopped by {type(error).__name__}"))
        raise
    finally:
        for listener in those:
            with suppress(Exception):
                listener.close(longest)


def _tell_failed(those: Sequence[Listener], error: ExecutorError) -> None:
    for listener in those:
        with suppress(Exception):
            listener.failed(error)
