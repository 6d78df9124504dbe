"""What schema.json can't say of a plan: names, templates and variables that fit together.

Works on the raw data, so that these mistakes are reported beside those of the schema.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from executor.errors import Problem
from executor.templating.templates import Templates, whole_expression

from .document import Document
from .model import SECONDS, JsonPath
from .settings import FIXED

#: what every template sees beside the plan's variables
ALWAYS = frozenset({"timestamp", "plan", "accept"})
#: what a template sees that is asked for a variable's value
ASKED = frozenset({"cores"})
_BACKOFF = re.compile(r"(\d+(?:\.\d+)?)(ms|s|min)\.\.(\d+(?:\.\d+)?)(ms|s|min)", re.ASCII)
_LONGEST_WAIT = 3600.0  # seconds
_FORMS = {"for_each": "item", "batches": "batch", "repeat": "pass"}


def check(document: Document, templates: Templates) -> Iterator[Problem]:
    """Every mistake that the schema does not see."""
    data = document.data
    if not isinstance(data, dict):
        return
    variables, names = _mapping(data, "variables"), _mapping(data, "names")
    yield from _defaults(document, templates, variables)
    yield from _names(document, templates, names, ALWAYS | variables.keys())
    known = ALWAYS | variables.keys() | names.keys()
    for key, name in (("variables", "variable"), ("names", "name")):
        for taken in sorted(ALWAYS & _mapping(data, key).keys()):
            yield document.problem((key, taken), f"the {name} {taken!r} is predefined")
    for name in sorted(variables.keys() & names.keys()):
        yield document.problem(("names", name), f"{name!r} is a variable already")
    yield from _subject(document, data.get("subject"), variables)
    for name, value in _mapping(data, "settings").items():
        if not isinstance(value, list | dict) and (reason := FIXED.get(str(name).lower())):
            yield document.problem(("settings", name), f"a plan can't set {name}: {reason}")
    checker = _Steps(document, templates, known)
    for name, given in variables.items():
        asked = given.get("ask") if isinstance(given, dict) else None
        yield from checker.template(("variables", name, "ask"), asked, ASKED)
    for key in ("session", "finished_when"):
        yield from checker.template((key,), data.get(key))
    throttle = data.get("throttle")
    for index, template in enumerate(throttle if isinstance(throttle, list) else []):
        yield from checker.template(("throttle", index), template)
    claims = data.get("verify")
    for number, assertion in enumerate(claims if isinstance(claims, list) else []):
        yield from checker.assertion(("verify", number), assertion)
    yield from checker.retry(("retry",), data.get("retry"))
    steps = data.get("steps")
    for index, step in enumerate(steps if isinstance(steps, list) else []):
        if isinstance(step, dict):
            yield from checker.step(("steps", index), step)


def _mapping(data: dict[str, Any], key: str) -> dict[str, Any]:
    """What is below a key; nothing if that is no mapping, which the schema says."""
    given = data.get(key)
    return given if isinstance(given, dict) else {}


def _subject(document: Document, subject: Any, variables: dict[str, Any]) -> Iterator[Problem]:
    if not isinstance(subject, str):
        return
    given = variables.get(subject)
    if subject not in variables:
        yield document.problem(("subject",), f"unknown variable {subject!r}")
    elif not isinstance(given, dict) or given.get("type") != "table":
        yield document.problem(("subject",), f"the variable {subject!r} is not of the type table")


def _names(
    document: Document, templates: Templates, names: dict[str, Any], known: frozenset[str]
) -> Iterator[Problem]:
    for name, given in names.items():
        if isinstance(given, str):
            yield from _expression(document, templates, ("names", name), given, known)
        known |= {name}


def _defaults(
    document: Document, templates: Templates, variables: dict[str, Any]
) -> Iterator[Problem]:
    known = ALWAYS
    for name, given in variables.items():
        default = given.get("default") if isinstance(given, dict) else given
        where: JsonPath = ("variables", name)
        if isinstance(default, str):
            yield from _expression(document, templates, where, default, known)
        if isinstance(given, dict) and given.get("type") not in ("integer", "number"):
            for key in sorted({"minimum", "maximum"}.intersection(given)):
                message = f"`{key}` needs the type integer or number"
                yield document.problem((*where, key), message)
        known |= {name}


def _expression(
    document: Document, templates: Templates, path: JsonPath, text: str, known: frozenset[str]
) -> Iterator[Problem]:
    try:
        unknown = templates.unknown_in(text, known)
    except Exception as error:  # noqa: BLE001 - any of Jinja's syntax errors
        yield document.problem(path, f"{text!r} is not a template: {error}")
        return
    for name in sorted(unknown):
        yield document.problem(path, f"unknown variable {name!r}")


class _Steps:
    def __init__(self, document: Document, templates: Templates, known: frozenset[str]) -> None:
        self._document = document
        self._templates = templates
        self._known = known
        self._seen: dict[str, int] = {}

    def step(self, path: JsonPath, step: dict[str, Any]) -> Iterator[Problem]:
        yield from self._shape(path, step)
        own = {seen for form, seen in _FORMS.items() if form in step}
        once = self._known | _mapping(step, "with").keys()  # what all templates see
        for key in ("sql", "rollback"):
            if not (key == "rollback" and step.get(key) == "nothing"):
                sees = once | own if key == "sql" or "for_each" in step else once
                yield from self.template((*path, key), step.get(key), sees)
        yield from self.template((*path, "when"), step.get("when"), once)
        yield from self.template((*path, "order"), step.get("order"), once)
        until = _mapping(step, "repeat").get("until")
        yield from self.template((*path, "repeat", "until"), until, once)
        yield from self.retry((*path, "retry"), step.get("retry"), step)
        yield from self._values(path, step)
        assertions = step.get("assertions")
        for number, assertion in enumerate(assertions if isinstance(assertions, list) else []):
            yield from self.assertion((*path, "assertions", number), assertion, once)

    def retry(self, path: JsonPath, retry: Any, step: Any = None) -> Iterator[Problem]:
        """Of a step, or of the plan."""
        if not isinstance(retry, dict):
            return
        yield from self.template((*path, "blockers"), retry.get("blockers"))
        prepare = retry.get("prepare")
        if isinstance(prepare, str) and step is None:
            message = "what is prepared is said by a step alone"
            yield self._document.problem((*path, "prepare"), message)
        elif isinstance(prepare, str) and (
            prepare not in self._seen or prepare == step.get("name")
        ):
            message = f"{prepare!r} is not an earlier step"
            yield self._document.problem((*path, "prepare"), message)
        backoff = retry.get("backoff")
        if isinstance(backoff, str) and (match := _BACKOFF.fullmatch(backoff)):
            shortest, longest = (float(match[n]) * SECONDS[match[n + 1]] for n in (1, 3))
            if not shortest <= longest <= _LONGEST_WAIT:
                message = f"{backoff!r} is not valid here: it goes up, to at most one hour"
                yield self._document.problem((*path, "backoff"), message)

    def template(
        self, path: JsonPath, template: Any, known: frozenset[str] | None = None
    ) -> Iterator[Problem]:
        if not isinstance(template, str):
            return
        if not self._templates.exists(template):
            message = f"there is no template sql/{template}"
            if len(self._templates.directories) == 1:
                message += "; a plan's sql/ is beside it, or beside the plans/ that it is in"
            yield self._document.problem(path, message)
            return
        yield from self._templates.problems(template, self._known if known is None else known)

    def _shape(self, path: JsonPath, step: dict[str, Any]) -> Iterator[Problem]:
        def wrong(message: str, *key: str) -> Problem:
            return self._document.problem((*path, *key), message)

        name = step.get("name")
        if isinstance(name, str):
            if name in self._seen:
                first = self._seen[name]
                yield wrong(f"the step {name!r} stands twice, first in line {first}", "name")
            self._seen.setdefault(name, self._document.places[path].line)
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
        if "order" in step and "for_each" not in step:
            yield wrong("`order` needs `for_each`", "order")
        if step.get("transaction") is False:
            for key in ("isolation", "batches", "repeat"):
                if key in step:
                    yield wrong(f"`{key}` needs a transaction; leave `transaction: false` out", key)

    def _values(self, path: JsonPath, step: dict[str, Any]) -> Iterator[Problem]:
        texts: list[tuple[JsonPath, Any]] = [(("workers",), step.get("workers"))]
        batches = step.get("batches")
        if isinstance(batches, dict):
            texts += [(("batches", key), batches.get(key)) for key in ("table", "rows")]
        for name, given in _mapping(step, "with").items():
            if name in self._known or name in _FORMS.values():
                message = f"{name!r} has a value already"
                yield self._document.problem((*path, "with", name), message)
            items = given if isinstance(given, list) else [given]
            texts += [(("with", name), text) for text in items]
        for key, text in texts:
            if isinstance(text, str):
                yield from _expression(
                    self._document, self._templates, (*path, *key), text, self._known
                )
        for_each = step.get("for_each")
        if isinstance(for_each, str):
            inner = whole_expression(for_each) or for_each
            known = self._known | {"range"}
            yield from _expression(
                self._document,
                self._templates,
                (*path, "for_each"),
                "{{ " + inner + " }}",
                known,
            )

    def assertion(
        self, path: JsonPath, assertion: Any, known: frozenset[str] | None = None
    ) -> Iterator[Problem]:
        if not isinstance(assertion, dict):
            return
        for kind, arguments in assertion.items():
            if not isinstance(arguments, dict):
                continue
            for key, argument in arguments.items():
                where = (*path, kind, key)
                if key == "sql":
                    yield from self.template(where, argument, known)
                elif key != "description":
                    for text in argument if isinstance(argument, list) else [argument]:
                        if isinstance(text, str):
                            yield from _expression(
                                self._document, self._templates, where, text, self._known
                            )
