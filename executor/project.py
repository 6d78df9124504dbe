"""The configuration that is in force while a command is done: where plans are, and their defaults.

A program that imports executor has none, unless it says so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import NamedTuple

from .config import Configuration, Default
from .plan.loader import Loaded, load
from .plan.model import Plan
from .resources import PLANS, find_plan


class Project(NamedTuple):
    """A configuration, and what was chosen of it."""

    settings: Configuration
    environment: str | None
    given: str = ""  # the options by which a command that is named to go on means the same


_IN_FORCE: ContextVar[Project | None] = ContextVar("project", default=None)


@contextmanager
def in_force(project: Project) -> Iterator[None]:
    """Meanwhile plans are found where the project has them, and loaded with its defaults."""
    force = _IN_FORCE.set(project)
    plans = PLANS.set(project.settings.plans or PLANS.get())
    try:
        yield
    finally:
        PLANS.reset(plans)
        _IN_FORCE.reset(force)


def as_given() -> str:
    """The options with which a command means the same environment, each after a space."""
    project = _IN_FORCE.get()
    return project.given if project else ""


def load_plan(plan: str | os.PathLike[str] | None) -> Loaded:
    """The plan that is meant, with the defaults of the project for its variables."""
    loaded, project = load(find_plan(plan)), _IN_FORCE.get()
    if project is None:
        return loaded
    defaults = project.settings.defaults(project.environment)
    return loaded._replace(plan=with_defaults(loaded.plan, defaults))


def with_defaults(plan: Plan, defaults: Mapping[str, Default]) -> Plan:
    """A plan whose variables have these defaults; those that it does not have are others'."""
    own = {v.name: defaults[v.name] for v in plan.variables if v.name in defaults}
    if not own:
        return plan
    return replace(
        plan,
        variables=tuple(
            replace(v, default=own[v.name].value, ask=None, derived=False) if v.name in own else v
            for v in plan.variables
        ),
        places={**plan.places, **{("variables", name): d.place for name, d in own.items()}},
    )
