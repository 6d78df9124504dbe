"""What is said of a command beside its plan, its server and the values of variables."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Each is an option of the command line by the same name; no verb takes all of them."""

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
