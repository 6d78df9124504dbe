"""A declarative, YAML-driven SQL plan executor for PostgreSQL.

The supported Python API is what stands in `__all__`, and the operations of `integrations`;
docs/python.md has examples. All else may change in any version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import errors, events
    from .api import (
        Rendered,
        RunStatus,
        facts,
        maintain,
        render,
        review,
        rollback,
        run,
        runs,
        status,
        verify,
    )
    from .engine.run import RunResult
    from .options import Options
    from .reviews.content import Review

__all__ = [
    "Options",
    "Rendered",
    "Review",
    "RunResult",
    "RunStatus",
    "errors",
    "events",
    "facts",
    "maintain",
    "render",
    "review",
    "rollback",
    "run",
    "runs",
    "status",
    "verify",
]

__version__ = "0.1.0"

_ELSEWHERE = {"Options": "options", "Review": "reviews.content", "RunResult": "engine.run"}


def __getattr__(name: str) -> object:
    """Import what is asked for: the command line shows its help before all else is there."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415

    if name in ("errors", "events"):
        return import_module(f".{name}", __name__)
    return getattr(import_module(f".{_ELSEWHERE.get(name, 'api')}", __name__), name)
