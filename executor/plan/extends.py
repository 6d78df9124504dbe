"""A plan that is another one with other values: `extends`. Touches files only.

The other stands beside it, or is one of our own, by its file name alone.

What it says takes the place of what the other says; below variables, names, settings, retry and
maintain that goes key by key. The steps are those of the other.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from executor import files, resources
from executor.errors import PlanError

from .document import Document, mapping, read

_BY_KEY = ("names", "settings", "retry", "maintain")


def read_plan(path: Path) -> Document:
    """A plan as if it were written out; every place is that of the file where it stands."""
    own = read(path)
    if not isinstance(own.data, dict) or not isinstance(own.data.get("extends"), str):
        return own
    base = _extended(own, path)
    problems = [
        own.problem(("variables", name), f"{base.file} has no variable {name!r}")
        for name in mapping(own.data, "variables")
        if name not in mapping(base.data, "variables")
    ]
    if "steps" in own.data:
        problems.append(own.problem(("steps",), f"the steps are those of {base.file}"))
    if problems:
        raise PlanError(problems)
    data = {**base.data, **own.data}
    del data["extends"]
    for key in _BY_KEY:
        if isinstance(data.get(key), dict):
            data[key] = {**mapping(base.data, key), **data[key]}
    places = {**base.places, **own.places}
    if isinstance(data.get("variables"), dict):
        data["variables"] = dict(mapping(base.data, "variables"))
        for name, given in mapping(own.data, "variables").items():
            data["variables"][name] = _variable(data["variables"][name], given)
            if not isinstance(given, dict):
                places["variables", name, "default"] = own.places["variables", name]
    return Document(own.file, data, places)


def _extended(own: Document, path: Path) -> Document:
    # beside the plan itself, as its templates are, and not beside a link to it
    given = path.resolve().parent / own.data["extends"]
    file = given.parent.resolve() / given.name
    shipped = resources.shipped_plan(own.data["extends"])
    if shipped and not os.path.lexists(file):
        file = shipped

    def refuse(message: str) -> PlanError:
        return PlanError([own.problem(("extends",), message)])

    if not os.path.isfile(file):  # noqa: PTH113 - false for what can't be looked at
        ours = (
            "" if os.sep in own.data["extends"] else ", and none of that name among executor's own"
        )
        raise refuse(f"there is no plan {file}{ours}")
    try:
        for directory in {file.parent, file.resolve().parent}:
            files.check_directory(directory)
    except OSError as error:
        raise refuse(error.strerror or str(error)) from error
    base = read(file)
    if not isinstance(base.data, dict):
        raise refuse(f"{file} is no plan")
    if "extends" in base.data:
        raise refuse(f"{file} extends another plan itself; name that one")
    return base


def _variable(before: Any, given: Any) -> Any:
    """A variable that is written anew, or has another default."""
    if isinstance(given, dict) or not isinstance(before, dict):
        return given
    # the value that is asked for would take the place of the new default
    return {**{key: value for key, value in before.items() if key != "ask"}, "default": given}
