"""What is said of a command beside its plan, its server and the values of variables."""

from __future__ import annotations

from dataclasses import dataclass, fields

from .errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Each is an option of the command line by the same name; no verb takes all of them.

    Raises UsageError for a value that can't be meant, such as a step without a name.
    """

    accept: tuple[str, ...] = ()  # what is given up, as a check or a refusal names it
    until: str | None = None  # the step after which a run stops
    hold: str | None = None  # the step before which it waits until somebody lets it go on
    dry_run: bool = False  # say what would be done
    rollback_on_failure: bool = False
    expect: str | None = None  # the digest of a review, or its file as JSON: run nothing else
    again: bool = False  # begin a new run, though what it makes is there, or a run has made it
    take_over: bool = False  # shut out the executor that owns the run
    accept_changed_plan: bool = False
    accept_changed_server: bool = False
    run: int | None = None  # the number of the run that is meant

    def __post_init__(self) -> None:
        if isinstance(self.accept, list):
            object.__setattr__(self, "accept", tuple(self.accept))
        for item in fields(Options):
            value = getattr(self, item.name)
            if value != item.default and (wanted := _wanted(item.name, item.default, value)):
                option = f"--{item.name.replace('_', '-')}"
                raise UsageError(f"{option} is {value!r}, and has to be {wanted}")


def _wanted(name: str, default: object, value: object) -> str:
    """What an option has to be, if a value is not that; else nothing."""
    if isinstance(default, bool):
        return "" if isinstance(value, bool) else "true or false"
    if isinstance(default, tuple):
        good = isinstance(value, tuple) and all(map(_is_said, value))
        return "" if good else "a list of names"
    if name == "run":
        return "" if type(value) is int and value > 0 else "a whole number from 1 on"
    return "" if _is_said(value) else "a text that is not empty"


def _is_said(value: object) -> bool:
    # an empty one is most often a variable of a shell that is not set: taken for none, a run that
    # was to stop or hold before a step would go on to its end
    return isinstance(value, str) and bool(value)
