"""What schema.json can't say of a plan: names, templates and variables that fit together.

Works on the raw data, so that these mistakes are reported beside those of the schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from executor.errors import Problem
from executor.templating.sources import is_inline
from executor.templating.templates import Templates, whole_expression

from .document import Document, mapping
from .model import BEFORE_ROLLBACK, NOTHING, TEMPLATE, JsonPath, backoff_seconds, seconds
from .session_settings import FIXED

#: what every template sees beside the plan's variables
ALWAYS = frozenset({"timestamp", "plan", "accept", "settings", "session"})
#: what they see besides, but not what facts are asked with; all but `facts` are of rollbacks, and
#: `done` is of what a rollback does first
FACTS, NOW, GIVEN_UP, DONE = "facts", "now", "given_up", "done"
#: what templates of rollbacks see
BACK = frozenset({NOW, GIVEN_UP})
_PREDEFINED = ALWAYS | BACK | {FACTS, DONE}
#: what a template sees that is asked for a variable's value
ASKED = frozenset({"cores"})
_LONGEST_WAIT = 3600.0  # seconds
#: what the template of a step sees beside them, by the form of the step
_FORMS = {"for_each": {"item"}, "batches": {"batch"}, "repeat": {"pass", "last_pass"}}


def check(document: Document, templates: Templates) -> Iterator[Problem]:
    """Every mistake that the schema does not see."""
    if isinstance(document.data, dict):
        yield from _Checker(document, templates).plan(document.data)


def _items(data: dict[str, Any], key: str) -> Iterator[tuple[int, Any]]:
    """The items of the list below a key, numbered."""
    given = data.get(key)
    yield from enumerate(given if isinstance(given, list) else [])


class _Checker:
    def __init__(self, document: Document, templates: Templates) -> None:
        self._templates = templates
        self._wrong = document.problem
        self._places = document.places
        self._known: frozenset[str] = ALWAYS  # what templates and expressions see
        self._facts: dict[str, Any] = {}
        self._arguments: set[str] = set()  # what a step gives to its templates
        self._steps: dict[str, int] = {}  # the steps seen so far, and their lines

    def plan(self, data: dict[str, Any]) -> Iterator[Problem]:
        variables = mapping(data, "variables")
        yield from self._variables(variables)
        yield from self._names(mapping(data, "names"))
        yield from self._subject(data.get("subject"), variables)
        needed = mapping(data, "maintain").get("needed")
        yield from self._expression(("maintain", "needed"), needed, self._known)
        self._facts = mapping(data, "facts")
        for name, template in self._facts.items():
            yield from self._template(("facts", name), template, self._known)
        self._known |= {FACTS}
        yield from self._settings(("settings",), mapping(data, "settings"))
        for key in ("session", "finished_when", "pace"):
            yield from self._template((key,), data.get(key), self._known)
        first = (BEFORE_ROLLBACK,)
        yield from self._template(first, data.get(BEFORE_ROLLBACK), self._known | BACK | {DONE})
        for number, template in _items(data, "throttle"):
            yield from self._template(("throttle", number), template, self._known)
        for number, assertion in _items(data, "verify"):
            yield from self._assertion(("verify", number), assertion, self._known)
        for _, step in _items(data, "steps"):
            self._arguments.update(mapping(step, "with") if isinstance(step, dict) else ())
        yield from self._retry(("retry",), data.get("retry"))
        for number, step in _items(data, "steps"):
            if isinstance(step, dict):
                yield from self._shape(("steps", number), step)
                yield from self._step(("steps", number), step)
                if "then" in step:
                    yield from self._then(
                        ("steps", number, "then"), step, data["steps"][number + 1 :]
                    )

    def _settings(self, path: JsonPath, settings: dict[str, Any]) -> Iterator[Problem]:
        for name, value in settings.items():
            if not isinstance(value, list | dict) and (reason := FIXED.get(str(name).lower())):
                yield self._wrong((*path, name), f"a plan can't set {name}: {reason}")

    def _variables(self, variables: dict[str, Any]) -> Iterator[Problem]:
        for name, given in variables.items():
            where: JsonPath = ("variables", name)
            if name in _PREDEFINED:
                yield self._wrong(where, f"the variable {name!r} is predefined")
            definition = given if isinstance(given, dict) else {"type": "", "default": given}
            yield from self._expression(where, definition.get("default"), self._known)
            yield from self._template((*where, "ask"), definition.get("ask"), ASKED)
            if definition.get("type") not in ("integer", "number"):
                for key in sorted({"minimum", "maximum"}.intersection(definition)):
                    yield self._wrong((*where, key), f"`{key}` needs the type integer or number")
            self._known |= {name}

    def _names(self, names: dict[str, Any]) -> Iterator[Problem]:
        for name, given in names.items():
            if name in _PREDEFINED:
                yield self._wrong(("names", name), f"the name {name!r} is predefined")
            elif name in self._known:
                yield self._wrong(("names", name), f"{name!r} is a variable already")
            yield from self._expression(("names", name), given, self._known)
            self._known |= {name}

    def _subject(self, subject: Any, variables: dict[str, Any]) -> Iterator[Problem]:
        if isinstance(subject, str) and subject not in variables:
            yield self._wrong(("subject",), f"unknown variable {subject!r}")
        elif isinstance(subject, str) and mapping(variables, subject).get("type") != "table":
            yield self._wrong(("subject",), f"the variable {subject!r} is not of the type table")

    def _step(self, path: JsonPath, step: dict[str, Any]) -> Iterator[Problem]:
        once = self._known.union(mapping(step, "with"))  # what all its templates see
        each = once.union(*(seen for form, seen in _FORMS.items() if form in step))
        late = {NOW} if step.get("always") else set()
        yield from self._template((*path, "sql"), step.get("sql"), each | late)
        if step.get("rollback") != NOTHING:
            sees = each if "for_each" in step else once
            yield from self._template((*path, "rollback"), step.get("rollback"), sees | BACK)
        yield from self._template((*path, "lock"), step.get("lock"), once)
        yield from self._template((*path, "rollback_lock"), step.get("rollback_lock"), once | BACK)
        for number, name in _items(step, "recheck"):
            if name not in self._facts:
                yield self._wrong((*path, "recheck", number), f"the plan has no fact {name!r}")
        for key in ("when", "order", "skip"):
            yield from self._template((*path, key), step.get(key), once)
        small = mapping(step, "together").get("small")
        yield from self._template((*path, "together", "small"), small, once)
        until = mapping(step, "repeat").get("until")
        yield from self._template((*path, "repeat", "until"), until, once)
        yield from self._retry((*path, "retry"), step.get("retry"), step)
        yield from self._values(path, step)
        yield from self._settings((*path, "settings"), mapping(step, "settings"))
        for number, assertion in _items(step, "assertions"):
            yield from self._assertion((*path, "assertions", number), assertion, once)

    def _values(self, path: JsonPath, step: dict[str, Any]) -> Iterator[Problem]:
        for key in ("workers", "weight"):
            yield from self._expression((*path, key), step.get(key), self._known)
        for key in ("table", "rows"):
            given = mapping(step, "batches").get(key)
            yield from self._expression((*path, "batches", key), given, self._known)
        for name, given in mapping(step, "with").items():
            if name in self._known or name in set().union(*_FORMS.values()):
                yield self._wrong((*path, "with", name), f"{name!r} has a value already")
            yield from self._expression((*path, "with", name), given, self._known)
        for_each = step.get("for_each")
        if isinstance(for_each, str) and for_each.endswith(TEMPLATE):
            sees = self._known.union(mapping(step, "with"))
            yield from self._template((*path, "for_each"), for_each, sees)
        elif isinstance(for_each, str):
            inner = whole_expression(for_each) or for_each
            expression = "{{ " + inner + " }}"
            yield from self._expression((*path, "for_each"), expression, self._known | {"range"})

    def _shape(self, path: JsonPath, step: dict[str, Any]) -> Iterator[Problem]:
        def wrong(message: str, *key: str) -> Problem:
            return self._wrong((*path, *key), message)

        name = step.get("name")
        if isinstance(name, str):
            if name in self._steps:
                first = self._steps[name]
                yield wrong(f"the step {name!r} stands twice, first in line {first}", "name")
            self._steps.setdefault(name, self._places[path].line)
        if ("rollback" in step) == ("irreversible" in step):
            yield wrong(
                "a step needs either `rollback` (a template, or the word nothing) or `irreversible`"
            )
        forms = [form for form in _FORMS if form in step]
        if len(forms) > 1:
            yield wrong(f"a step has one form, not {' and '.join(forms)}", forms[1])
        if "sql" not in step and (forms or not step.get("assertions")):
            yield wrong("the key 'sql' is missing; only a step of assertions alone can do without")
        if "workers" in step and not {"for_each", "batches"}.intersection(forms):
            yield wrong("`workers` needs `for_each` or `batches`", "workers")
        if "pause" in step and not forms:
            yield wrong("`pause` needs `for_each`, `batches` or `repeat`", "pause")
        if isinstance(step.get("pause"), str) and (seconds(step["pause"]) or 0) > _LONGEST_WAIT:
            yield wrong(f"{step['pause']!r} is not valid here: it is at most one hour", "pause")
        for key in ("lock", "rollback_lock", "recheck", "changes_facts"):
            if key in step and forms:
                yield wrong(f"`{key}` is for a step that is done once, not {forms[0]}", key)
        if "recheck" in step and "lock" not in step:
            yield wrong("`recheck` needs `lock`: without one what it says may be old", "recheck")
        if "recheck" in step and step.get("isolation", "read committed") != "read committed":
            message = (
                "`recheck` needs read committed: a snapshot from before the lock sees no change"
            )
            yield wrong(message, "recheck")
        for key in ("order", "skip", "then", "together"):
            if key in step and "for_each" not in step:
                yield wrong(f"`{key}` needs `for_each`", key)
        yield from self._without_transaction(path, step)

    def _then(
        self, path: JsonPath, step: dict[str, Any], later: Sequence[Any]
    ) -> Iterator[Problem]:
        name = step["then"]
        other = next((o for o in later if isinstance(o, dict) and o.get("name") == name), None)
        if other is None:
            yield self._wrong(path, f"{name!r} is not a later step")
        elif (
            other.get("for_each") != step.get("for_each")
            or other.get("transaction") is not False
            or not {"skip", "rollback"} <= other.keys()
            or "when" in other
            or other["rollback"] != NOTHING
        ):
            message = (
                f"{name!r} needs the same `for_each`, `transaction: false`, `skip` for what is left"
                " to it, `rollback: nothing` and no `when`"
            )
            yield self._wrong(path, message)
        if step.get("transaction") is False or "together" in step:
            yield self._wrong(path, "`then` follows iterations that are one transaction each")

    def _without_transaction(self, path: JsonPath, step: dict[str, Any]) -> Iterator[Problem]:
        if step.get("transaction") is False:
            for key in (
                "isolation",
                "batches",
                "repeat",
                "lock",
                "rollback_lock",
                "recheck",
                "settings",
                "together",
            ):
                if key in step:
                    instead = "say set_config(NAME, VALUE, false) in its SQL, or "
                    message = (
                        f"`{key}` needs a transaction; {instead if key == 'settings' else ''}"
                        "leave `transaction: false` out"
                    )
                    yield self._wrong((*path, key), message)

    def _retry(self, path: JsonPath, retry: Any, step: Any = None) -> Iterator[Problem]:
        """Of a step, or of the plan."""
        if not isinstance(retry, dict):
            return
        sees = self._known.union(mapping(step, "with") if step else self._arguments)  # of any step
        yield from self._template((*path, "blockers"), retry.get("blockers"), sees)
        prepare = retry.get("prepare")
        if isinstance(prepare, str) and step is None:
            message = "what is prepared is said by a step alone"
            yield self._wrong((*path, "prepare"), message)
        elif isinstance(prepare, str) and (
            prepare not in self._steps or prepare == step.get("name")
        ):
            message = f"{prepare!r} is not an earlier step"
            yield self._wrong((*path, "prepare"), message)
        backoff = retry.get("backoff")
        waits = backoff_seconds(backoff) if isinstance(backoff, str) else None
        if waits and not waits[0] <= waits[1] <= _LONGEST_WAIT:
            message = f"{backoff!r} is not valid here: it goes up, to at most one hour"
            yield self._wrong((*path, "backoff"), message)

    def _assertion(
        self, path: JsonPath, assertion: Any, known: frozenset[str]
    ) -> Iterator[Problem]:
        for kind, arguments in assertion.items() if isinstance(assertion, dict) else ():
            for key, argument in arguments.items() if isinstance(arguments, dict) else ():
                if key == "sql":
                    yield from self._template((*path, kind, key), argument, known)
                elif key != "description":
                    yield from self._expression((*path, kind, key), argument, self._known)

    def _template(self, path: JsonPath, template: Any, known: frozenset[str]) -> Iterator[Problem]:
        if not isinstance(template, str):
            return
        place = self._places.get(path)
        if is_inline(template) and place:
            self._templates.stands(template, *place)
        if self._templates.exists(template):
            yield from self._templates.problems(template, known)
            return
        message = f"there is no template sql/{template}"
        if len(self._templates.directories) == 1:
            message += "; a plan's sql/ is beside it, or beside the plans/ that it is in"
        yield self._wrong(path, message)

    def _expression(self, path: JsonPath, given: Any, known: frozenset[str]) -> Iterator[Problem]:
        """Of a text, or of each text in a list; other values are what they are."""
        for text in given if isinstance(given, list) else [given]:
            if not isinstance(text, str):
                continue
            try:
                unknown = self._templates.unknown_in(text, known)
            except Exception as error:  # noqa: BLE001 - any of Jinja's syntax errors
                yield self._wrong(path, f"{text!r} is not a template: {error}")
                continue
            for name in sorted(unknown):
                yield self._wrong(path, f"unknown variable {name!r}")
