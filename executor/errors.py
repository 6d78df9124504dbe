"""Every failure a user can meet; one class a kind, each with its exit code.

ExecutorError                1   base; a bug also ends in 1, with a traceback
├─ UsageError                2   an option that can't be meant as given (click's own are 2 too)
├─ PlanError                 3   unreadable, invalid or not renderable
├─ DriftError                3   the plan is not the one that the journal knows
│  └─ DoneError              3   … it is, and has run already
├─ ConnectError              4   no connection, or a server that won't do
├─ LockError                 4   another executor owns the run
│  └─ FencedError            4   another executor took the run over
├─ SqlError                  5   PostgreSQL refused a statement
│  └─ StepError              5   … of a step
├─ AssertionFailedError      6   a claim of the plan does not hold
├─ RollbackError             7   a rollback stopped half-way
├─ BackupError               8   a backup is missing, expired or not verified
└─ InterruptedRunError     130   Ctrl-C
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class ExecutorError(Exception):
    """Something went wrong that is no fault of the executor."""

    exit_code = 1

    def __init__(self, message: str = "", hint: str = "") -> None:
        super().__init__(message or (self.__doc__ or "").splitlines()[0])
        self.message = str(self)
        self.hint = hint
        self.facts: dict[str, object] = {}  # what a machine is told beside


class UsageError(ExecutorError):
    """The command line can't be meant as given."""

    exit_code = 2


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake in a plan or template, where it stands and what is wrong."""

    file: str
    line: int  # 0: it has no lines
    path: str  # JSON path such as $.steps[1].sql; empty in a template
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: " if self.line else f"{self.file}: "
        return where + (f"{self.path}: " if self.path else "") + self.message


class PlanError(ExecutorError):
    """The plan can't be used."""

    exit_code = 3

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class DriftError(ExecutorError):
    """The plan is not the one that the journal knows."""

    exit_code = 3


class DoneError(DriftError):
    """A run of the plan has come to its end, and nothing of it was edited since."""


class ConnectError(ExecutorError):
    """There is no usable connection to a PostgreSQL server."""

    exit_code = 4


class LockError(ExecutorError):
    """Another executor owns this run."""

    exit_code = 4


class FencedError(LockError):
    """Another executor took this run over; this one stops and has changed nothing since."""


class SqlError(ExecutorError):
    """PostgreSQL refused a statement."""

    exit_code = 5

    def __init__(self, message: str, hint: str = "", *, sqlstate: str = "") -> None:
        super().__init__(message, hint)
        self.sqlstate = sqlstate


class StepError(SqlError):
    """PostgreSQL refused a statement of a step; its transaction was rolled back."""

    def __init__(self, message: str, hint: str = "", *, step: str, sqlstate: str = "") -> None:
        super().__init__(message, hint, sqlstate=sqlstate)
        self.step = step


class AssertionFailedError(ExecutorError):
    """A claim of the plan does not hold; the step's transaction was rolled back."""

    exit_code = 6

    def __init__(self, message: str, hint: str = "", *, step: str) -> None:
        super().__init__(message, hint)
        self.step = step


class RollbackError(ExecutorError):
    """The rollback stopped before its end."""

    exit_code = 7


class BackupError(ExecutorError):
    """A backup is missing, expired or not verified."""

    exit_code = 8


class InterruptedRunError(ExecutorError):
    """Interrupted."""

    exit_code = 130
