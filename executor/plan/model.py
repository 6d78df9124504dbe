"""A plan as frozen values. Pure: no file, no clock, no connection.

schema.json guards the door, so nothing here is checked twice; a test keeps both in step.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, NamedTuple

from executor.errors import Problem

Isolation = Literal["read committed", "repeatable read", "serializable"]
Severity = Literal["error", "warn"]
Unknown = Literal["stop", "show"]
Form = Literal["once", "for_each", "batches", "repeat"]

MOST_WORKERS = 1000  # of a step
_SECONDS = {"ms": 0.001, "s": 1.0, "min": 60.0}  # the units of a wait
_WAIT = re.compile(r"(\d+(?:\.\d+)?)(ms|s|min)", re.ASCII)

JsonPath = tuple[str | int, ...]

TEMPLATE = ".sql"  # what `for_each` ends in where it is no expression
NOTHING = "nothing"  # `rollback: nothing`: the step leaves nothing behind
BEFORE_ROLLBACK = "before_rollback"  # the key of the plan, and what its transaction is called


def seconds(text: str) -> float | None:
    """How long a wait such as 100ms is; None if it is none."""
    match = _WAIT.fullmatch(text)
    return float(match[1]) * _SECONDS[match[2]] if match else None


def backoff_seconds(text: str) -> tuple[float, float] | None:
    """The first and the longest wait of a `backoff` such as 200ms..5s; None if it is none."""
    first, last = map(seconds, text.partition("..")[::2])
    return (first, last) if first is not None and last is not None else None


class Place(NamedTuple):
    """Where something stands in the files of a plan."""

    file: str = ""
    line: int = 1


_NOWHERE = Place()


def json_path(path: JsonPath) -> str:
    """A path as people write it: $.steps[1].sql."""
    return "$" + "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in path)


def problem_at(
    path: JsonPath, message: str, places: Mapping[JsonPath, Place], file: str
) -> Problem:
    """A mistake at a path, or at the nearest one above it of which a place is known."""
    known = path
    while known and known not in places:
        known = known[:-1]
    return Problem(*places.get(known, Place(file)), json_path(path), message)


@dataclass(frozen=True, slots=True)
class Variable:
    """A value that templates see and `--var` may override."""

    name: str
    type: Literal["integer", "number", "string", "boolean", "table", "list"]
    default: Any = None  # None: must be given by --var; a string may be a template
    ask: str | None = None  # template of one value that replaces the default when a run begins
    description: str = ""
    minimum: float | None = None
    maximum: float | None = None
    enum: tuple[Any, ...] = ()
    pattern: str | None = None
    pattern_says: str = ""  # what matches it, in words
    derived: bool = False  # whether the default makes it of other variables


@dataclass(frozen=True, slots=True)
class Batches:
    """Block ranges of a table and all its leaf partitions."""

    table: str
    rows: str | int


@dataclass(frozen=True, slots=True)
class Repeat:
    """Passes until a query answers true."""

    until: str
    at_most: int = 1000


@dataclass(frozen=True, slots=True)
class Together:
    """How many iterations may share one transaction, and which."""

    at_most: int
    small: str | None = None  # template of the items that may; None: all


@dataclass(frozen=True, slots=True)
class Retry:
    """Which failures of a transaction are tried again, how often and after how long (seconds)."""

    on: tuple[str, ...] = ("lock_timeout", "deadlock", "serialization")
    attempts: int = 5
    backoff: tuple[float, float] = (0.5, 10.0)
    blockers: str | None = None  # template that says who is in the way after a time-out
    prepare: str | None = None  # an earlier step, done once more before every attempt


@dataclass(frozen=True, slots=True)
class Assertion:
    """A claim of the plan: a kind, which is a template, and its arguments."""

    kind: str
    arguments: Mapping[str, Any]
    severity: Severity = "error"
    description: str = ""
    place: Place = _NOWHERE
    unknown: Unknown | None = None  # what a finding does that is not known
    with_: Mapping[str, Any] = field(default_factory=dict)  # of its step

    @property
    def unknown_stops(self) -> bool:
        """Whether what is not known ends the run: unless the plan says so, where a failure does."""
        return (self.unknown or ("stop" if self.severity == "error" else "show")) == "stop"


@dataclass(frozen=True, slots=True)
class Step:
    """One named unit of work; itself or each of its iterations is one transaction."""

    name: str
    description: str = ""
    sql: str | None = None
    with_: Mapping[str, Any] = field(default_factory=dict)  # arguments for its templates
    when: str | None = None
    for_each: str | None = None
    order: str | None = None  # template of the items of for_each in the order to begin them
    skip: str | None = None  # template of the items of for_each that are left out
    then: str | None = None  # a later step, done for each item once that is committed
    together: Together | None = None  # iterations of for_each that share a transaction
    batches: Batches | None = None
    repeat: Repeat | None = None
    lock: str | None = None  # template of what is sent first, and ends with the lock
    rollback_lock: str | None = None  # the same, of the rollback
    recheck: tuple[str, ...] = ()  # facts that are to be the same before and after the lock
    changes_facts: bool = False  # after the step the facts are read anew
    workers: str | int = 1
    weight: str | float = 0  # how long it takes beside the other steps
    pause: float = 0.0  # seconds between two iterations of a worker
    settings: Mapping[str, str] = field(default_factory=dict)  # of its transactions
    isolation: Isolation = "read committed"
    transaction: bool = True
    always: bool = False
    turning_point: bool = False
    retry: Retry = Retry()
    assertions: tuple[Assertion, ...] = ()
    rollback: str | None = None
    irreversible: str | None = None
    place: Place = _NOWHERE

    @property
    def form(self) -> Form:
        """How the step's SQL is repeated."""
        if self.for_each is not None:
            return "for_each"
        if self.batches is not None:
            return "batches"
        return "repeat" if self.repeat is not None else "once"


@dataclass(frozen=True, slots=True)
class Plan:
    """A validated plan."""

    name: str  # the file's name without its suffix
    path: Path
    description: str
    steps: tuple[Step, ...]
    postgres: str = ">=14"
    variables: tuple[Variable, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)  # templates over variables
    facts: Mapping[str, str] = field(default_factory=dict)  # templates of one SELECT each
    subject: str | None = None  # the variable that says which table a run is about
    settings: Mapping[str, str] = field(default_factory=dict)
    session: str | None = None  # template of what every session has before it works
    before_rollback: Step | None = None  # its rollback is what a rollback does first
    finished_when: str | None = None
    pace: str | None = None  # template of one number: seconds that a weight of 1 takes here
    throttle: tuple[str, ...] = ()  # templates that must be true before each iteration
    accept: tuple[str, ...] = ()
    verify: tuple[Assertion, ...] = ()  # what holds once the plan has been run
    maintain: Mapping[str, Any] = field(default_factory=dict)  # the plan that does so, and values
    places: Mapping[JsonPath, Place] = field(default_factory=dict, repr=False)

    @property
    def files(self) -> tuple[str, ...]:
        """Its file, and that of the plan that it extends, as its places name them."""
        # a default of a variable may be from elsewhere
        said = (place.file for path, place in self.places.items() if path[:1] != ("variables",))
        return tuple(dict.fromkeys(said))

    @property
    def facts_files(self) -> tuple[Path, ...]:
        """Where facts may stand beside the plan, or beside the one that it extends."""
        plans = dict.fromkeys([self.path.resolve(), *map(Path, self.files)])
        return tuple(plan.with_suffix(".facts.json") for plan in plans)

    def problem(self, path: JsonPath, message: str) -> Problem:
        """A mistake of the plan that shows when it is used."""
        return problem_at(path, message, self.places, str(self.path))

    def step(self, name: str) -> Step:
        """The step of that name."""
        return next(step for step in self.steps if step.name == name)
