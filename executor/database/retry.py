"""One retry for the whole tool: which failures are tried again, how often, and after how long.

A plan's `retry` and the tool's own retries are the same `Retry` of plan.model.
"""

from __future__ import annotations

import itertools
import random
import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TypeVar

from executor.errors import InterruptedRunError
from executor.plan.model import Retry

from .session import DatabaseError, Session

T = TypeVar("T")

#: the SQLSTATEs that may be tried again, and what `on` calls them
_KINDS = {
    "55P03": "lock_timeout",
    "40P01": "deadlock",
    "40001": "serialization",
    "57014": "statement_timeout",
    "EX002": "not_ready",  # a template says that it is not the time yet
}

#: of a question that needs no more than a moment, while something locks the table
WHILE_LOCKED = Retry(on=("lock_timeout",), attempts=10, backoff=(0.2, 2.0))

#: a lock is not to be had, a statement around a LOCK took too long, or two wait for each other
OTHERS_IN_THE_WAY = ("lock_timeout", "statement_timeout", "deadlock")


def kind(error: DatabaseError) -> str:
    """What `on` calls a failure; empty if it can't be tried again."""
    return _KINDS.get(error.sqlstate or "", "")


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt that failed and will be followed by another one."""

    error: DatabaseError
    attempt: int  # from 1
    began: float  # as time.monotonic() has it
    wait: float  # seconds until the next attempt


def retry(
    session: Session,
    body: Callable[[], T],
    how: Retry,
    *,
    stop: threading.Event | None = None,
    while_waiting: Callable[[Failure], AbstractContextManager[object]] = nullcontext,
    give_up: Callable[[DatabaseError, int], Exception] | None = None,
) -> T:
    """Do ``body`` until it succeeds, as often as ``how`` says.

    Raises the last error, or what ``give_up`` makes of it and of the number of attempts. Where the
    connection was lost, nothing is tried again. ``stop`` ends a wait: InterruptedRunError.
    What ``while_waiting`` returns is entered before each wait and left after it.
    """
    stop = stop or threading.Event()
    for attempt in itertools.count(1):
        began = time.monotonic()
        try:
            return body()
        except DatabaseError as error:
            if stop.is_set():
                raise InterruptedRunError from error
            if session.lost or kind(error) not in how.on or attempt >= how.attempts:
                if give_up is None:
                    raise
                raise give_up(error, attempt) from error
            failure = Failure(error, attempt, began, _wait(how, attempt))
        with while_waiting(failure):
            if stop.wait(failure.wait):
                raise InterruptedRunError
    raise AssertionError("unreachable")


def _wait(how: Retry, attempt: int) -> float:
    """Twice as long each time, and never quite the same: who collided must not meet again."""
    first, longest = how.backoff
    return min(longest, first * 2.0 ** (attempt - 1)) * random.uniform(0.5, 1.0)  # noqa: S311
