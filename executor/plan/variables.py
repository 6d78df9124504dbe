"""The values of a plan's variables: defaults, `--var`, types and bounds. Pure."""

from __future__ import annotations

import math
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from executor.errors import PlanError, Problem, UsageError
from executor.templating.names import Name
from executor.templating.templates import Templates

from .model import Assertion, Plan, Variable
from .session_settings import settings

# Beside the values of variables the journal keeps what else the command line said of them. No
# variable has such a name.
ACCEPT = "--accept"  # names that are given up beside the plan's own
GIVEN = "--var"  # which values were chosen, and did not come from the plan
EXPECT = "--expect"  # the digest of the review that a run is bound to
CREATE = (
    "create"  # the variable that says whether a plan makes a table that is not there (--create)
)
PACE = "--pace"  # seconds that a weight of 1 takes, as it was asked when the run began
SUBJECT = "--subject"  # which variable says what the run is about; sql/journal/ reads it, too


def parse_assignments(given: Sequence[str], *, create: bool = False) -> dict[str, str]:
    """`name=value` pairs of the command line, and what --create is short for; raises UsageError."""
    result: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UsageError(f"--var {text!r} is not name=value")
        if name in result:
            raise UsageError(f"--var {name} is given twice")
        result[name] = value
    if create and CREATE in result:
        raise UsageError("--create and --var create=… are one and the same; give one of them")
    return result | ({CREATE: "true"} if create else {})


def from_command_line(
    plan: Plan, var: Sequence[str], accept: Sequence[str] = (), *, create: bool = False
) -> dict[str, Any]:
    """What --var, --accept and --create say, as ``resolve`` takes it; raises UsageError."""
    return chosen(plan, parse_assignments(var, create=create), accept)


def chosen(plan: Plan, given: Mapping[str, Any], accept: Sequence[str] = ()) -> dict[str, Any]:
    """Values of variables, text or not, and what is given up, as ``resolve`` takes it.

    Raises UsageError for a name that nobody can give a value.
    """
    result: dict[str, Any] = {}
    for name, value in given.items():
        if name in plan.names:
            raise UsageError(
                f"--var {name}: that is a name which the plan {plan.name} makes itself",
                hint=f"it has the variables: {_listed(plan)}",
            )
        if name == CREATE and all(variable.name != CREATE for variable in plan.variables):
            raise UsageError(
                f"--create: the plan {plan.name} makes no table on request",
                hint="it is short for --var create=true, and that plan has no variable `create`",
            )
        if name.startswith("--"):
            raise UsageError(f"the plan {plan.name} has no variable {name!r}")
        result[name] = list(value) if isinstance(value, tuple) else value
    return result | ({ACCEPT: list(dict.fromkeys(accept))} if accept else {})


def without_options(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of variables alone."""
    return {name: value for name, value in values.items() if not name.startswith("--")}


def resolve(
    plan: Plan, templates: Templates, overrides: Mapping[str, Any], timestamp: str
) -> dict[str, Any]:
    """Every value that the plan's templates see, in the order of the plan.

    Raises UsageError for what --var says, PlanError for what the plan itself says.
    """
    for name in without_options(overrides):
        if name not in names_in_journal(plan):
            raise UsageError(
                f"the plan {plan.name} has no variable {name!r}", hint=f"it has: {_listed(plan)}"
            )
    values = {"timestamp": timestamp, **_of_the_plan(plan)}
    values["accept"] = list(dict.fromkeys([*plan.accept, *overrides.get(ACCEPT, ())]))
    for variable in plan.variables:
        overridden = variable.name in overrides
        given = overrides[variable.name] if overridden else variable.default
        try:
            if given is None:
                raise UsageError(f"the variable {variable.name} needs a value: --var name=value")
            if not overridden:
                given = templates.value(given, values)
            values[variable.name] = checked(variable, given)
        except ValueError as error:
            if overridden:
                raise UsageError(f"--var {variable.name}: {error}") from error
            problem = plan.problem(("variables", variable.name), str(error))
            raise PlanError([problem]) from error
    for name, template in plan.names.items():
        try:
            made = templates.value(template, values)
            kept = overrides.get(name, made)  # of a run: a name stays what it was
            values[name] = Name.parse(str(kept)) if isinstance(made, Name) else kept
        except ValueError as error:
            raise PlanError([plan.problem(("names", name), str(error))]) from error
    return values


def _of_the_plan(plan: Plan) -> dict[str, Any]:
    return {"plan": plan.name, "settings": settings(plan.settings), "session": plan.session}


def as_options(values: Mapping[str, Any]) -> str:
    """The options of a command line that give these values of the journal, each after a space."""
    chosen = without_options(values)
    given = [("var", f"{name}={_as_text(value)}") for name, value in chosen.items()]
    given += [("accept", str(name)) for name in values.get(ACCEPT, ())]
    return "".join(f" --{option} {shlex.quote(value)}" for option, value in given)


def _as_text(value: Any) -> str:
    match value:
        case bool():
            return str(value).lower()
        case list():
            return ",".join(map(str, value))
        case _:
            return str(value)


def names_in_journal(plan: Plan) -> set[str]:
    """The names of all values that the journal keeps of a run."""
    return {variable.name for variable in plan.variables} | plan.names.keys()


def _listed(plan: Plan) -> str:
    return ", ".join(variable.name for variable in plan.variables) or "none"


def checked(variable: Variable, given: Any) -> Any:
    """A value of the variable's type and within its bounds; raises ValueError."""
    value = _typed(variable, given)
    if variable.enum and value not in [_typed(variable, allowed) for allowed in variable.enum]:
        raise ValueError(f"{given!r} is not one of {', '.join(map(str, variable.enum))}")
    if variable.minimum is not None and value < variable.minimum:
        raise ValueError(f"{given} is less than {variable.minimum}, the smallest value allowed")
    if variable.maximum is not None and value > variable.maximum:
        raise ValueError(f"{given} is more than {variable.maximum}, the largest value allowed")
    if variable.pattern is not None and not re.fullmatch(variable.pattern, str(value)):
        says = variable.pattern_says
        wrong = f"is not {says}" if says else f"does not match {variable.pattern}"
        raise ValueError(f"{given!r} {wrong}")
    return value


def _typed(variable: Variable, given: Any) -> Any:
    match variable.type:
        case "table":
            return given if isinstance(given, Name) else Name.parse(str(given))
        case "string":
            return str(given)
        case "boolean":
            if str(given).lower() in ("true", "false"):
                return str(given).lower() == "true"
            raise ValueError(f"{given!r} is not true or false")
        case "integer":
            if re.fullmatch(r"[-+]?\d{1,18}", str(given)) and not isinstance(given, bool):
                return int(given)
            raise ValueError(f"{given!r} is not a whole number")
        case "number":
            try:
                number = float(given)
            except (TypeError, ValueError, OverflowError) as error:
                raise ValueError(f"{given!r} is not a number") from error
            if not math.isfinite(number):  # bounds would not hold it
                raise ValueError(f"{given!r} is not a number")
            return number
        case "list":
            return given if isinstance(given, list) else [i for i in str(given).split(",") if i]


def chosen_values(plan: Plan, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that somebody chooses: what the plan makes of others is left out."""
    made = plan.names.keys() | {variable.name for variable in plan.variables if variable.derived}
    return {k: v for k, v in as_journal(plan, values).items() if k not in made}


def usual(plan: Plan, values: Mapping[str, Any]) -> tuple[str, ...]:
    """Which chosen values nobody needs to be told of: defaults of a plan, or of one it extends."""
    chosen, places = chosen_values(plan, values), plan.places
    steps = places.get(("steps", 0))
    found = []
    for variable in plan.variables:
        place = places.get(("variables", variable.name))
        own = place and steps and place.file != steps.file  # the file that extends says it
        if variable.name not in chosen or variable.type == "table" or own:
            continue
        if variable.default is not None and chosen[variable.name] == _typed(
            variable, variable.default
        ):
            found.append(variable.name)
    return tuple(found)


def tables(plan: Plan, values: Mapping[str, Any]) -> dict[str, str]:
    """What a run is about: the plan's subject, or else all tables that somebody chooses.

    A run of the journal may lack one: the plan may have had another variable then.
    """
    chosen = (v.name for v in plan.variables if v.type == "table" and not v.derived)
    names = [plan.subject] if plan.subject else chosen
    return {name: str(values[name]) for name in names if values.get(name) is not None}


def values_to_begin_anew(plan: Plan, values: Mapping[str, Any]) -> dict[str, Any]:
    """What was chosen for a run of the journal, for one that takes its place.

    Where the journal does not say what was chosen (it is older), all is that the plan still has.
    """
    known = {variable.name for variable in plan.variables if not variable.derived}
    names = known.intersection(values.get(GIVEN, known)) | {ACCEPT}
    return {name: value for name, value in values.items() if name in names}


def as_journal(plan: Plan, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as JSON for the journal; ``resolve`` takes them back as overrides."""
    names = [*(variable.name for variable in plan.variables), *plan.names]
    result = {
        name: str(values[name]) if isinstance(values[name], Name) else values[name]
        for name in names
    }
    if own := [name for name in values.get("accept", ()) if name not in plan.accept]:
        result[ACCEPT] = own
    return result


def judged(assertion: Assertion, templates: Templates, values: Mapping[str, Any]) -> Assertion:
    """An assertion with the severity that these values give it; raises PlanError."""
    if assertion.severity in ("error", "warn"):
        return assertion
    try:
        severity = templates.value(assertion.severity, values)
    except ValueError as error:
        severity = str(error)
    if severity not in ("error", "warn"):
        message = f"severity is {severity!r}, and has to be error or warn"
        raise PlanError([Problem(*assertion.place, "", message)])
    return replace(assertion, severity=severity)
