r"""A whole plan as a script for psql. Pure.

Batches become one range over the whole table, assertions blocks that raise; each step is in its
transaction. psql's \if leaves out a step whose `when` is false.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from executor import __version__
from executor.plan.model import NOTHING, Assertion, Step
from executor.plan.session_settings import settings
from executor.templating.names import Sql, ident, literal
from executor.templating.templates import digest

from .renderer import LAST_PASS, Renderer, pass_number


def outline(renderer: Renderer) -> Iterator[str]:
    """The steps of a plan, one comment line each."""
    plan = renderer.plan
    yield f"-- {_one_line(plan.name)}: {_one_line(plan.description)}"
    for number, step in enumerate(plan.steps, 1):
        form = "" if step.form == "once" else f" [{step.form}]"
        yield f"-- {number:3}. {step.name}{form}: {_one_line(step.description)}".rstrip(": ")


def forward(renderer: Renderer, origin: str = "") -> Iterator[str]:
    """The script that performs the plan, and in comments how it would be undone.

    ``origin`` says for which table it is.
    """
    yield from filter(None, [origin and f"-- {_one_line(origin)}"])
    yield from outline(renderer)
    yield from _head(renderer)
    plan = renderer.plan
    if plan.finished_when:
        yield _ask("executor_finished", renderer.condition(plan.finished_when))
    if plan.facts:
        first = _recheck(renderer, tuple(plan.facts), "the script was printed")
        yield from _unless("executor_finished", [first]) if plan.finished_when else [first]
    for number, step in enumerate(plan.steps, 1):
        yield from _title(f"Step {number} of {len(plan.steps)}: {step.name}", step)
        body = list(_step(renderer, step))
        if step.when:
            skip = f"NOT coalesce((\n{renderer.condition(step.when, step)}\n), false)"
            body = [f"SELECT {skip} AS executor_skip \\gset", *_unless("executor_skip", body)]
        if plan.finished_when and not step.always:
            body = list(_unless("executor_finished", body))
        yield from body
    yield from _title("Rollback")
    yield "-- Printed as a script by: executor render --rollback"
    for line in "\n".join(_undo_steps(renderer)).splitlines():
        yield f"-- {line}".rstrip()


def rollback(renderer: Renderer, origin: str = "") -> Iterator[str]:
    """The script that undoes the plan, last step first; ``origin`` says for which table it is."""
    yield from filter(None, [origin and f"-- {_one_line(origin)}"])
    yield f"-- {_one_line(renderer.plan.name)}: rollback"
    yield from _head(renderer)
    yield from _undo_steps(renderer)


def objects(renderer: Renderer, *, sql: bool, undo: bool) -> Iterator[dict[str, object]]:
    """The steps for machines, with what does (`sql`) or undoes them, in the order of the script."""
    plan = renderer.plan
    steps = list(enumerate(plan.steps, 1))
    for number, step in reversed(steps) if undo else steps:
        item: dict[str, object] = {"event": "Step", "number": number, "step": step.name}
        item |= {"form": step.form, "description": step.description}
        if undo:
            item["script"] = "\n".join(_undo(renderer, step))
        elif sql:
            item["when"] = renderer.condition(step.when, step) if step.when else None
            item["script"] = "\n".join(_step(renderer, step))
        yield item
    yield {"event": "Rendered", "plan": plan.name, "steps": len(steps)}


def _head(renderer: Renderer) -> Iterator[str]:
    yield f"-- Rendered by executor {__version__} for psql -v ON_ERROR_STOP=1"
    yield "\\set ON_ERROR_STOP on"
    yield "SET client_encoding = 'UTF8';"
    for name, value in settings(renderer.plan.settings).items():
        yield f"SET {name} = {_setting(name, value)};"
    yield from filter(None, [renderer.session().strip()])


def _setting(name: str, value: str) -> str:
    if name == "search_path":  # SET takes a list of names here, not one text
        names = [part.strip().strip('"') for part in value.split(",")]
        return ", ".join(map(ident, filter(None, names))) or "''"
    return literal(value)


def _title(text: str, step: Step | None = None) -> Iterator[str]:
    yield ""
    yield f"-- {'-' * 97}"
    yield f"-- {text}"
    if step and step.description:
        yield from (f"-- {line}" for line in textwrap.wrap(step.description, 97))
    yield f"-- {'-' * 97}"


def _ask(name: str, condition: str) -> str:
    return f"SELECT coalesce((\n{condition}\n), false) AS {name} \\gset"


def _unless(variable: str, body: list[str]) -> Iterator[str]:
    yield f"\\if :{variable}"
    yield "\\else"
    yield from body
    yield "\\endif"


def _step(renderer: Renderer, step: Step) -> Iterator[str]:
    if step.retry.prepare:
        earlier = renderer.plan.step(step.retry.prepare)
        yield from _transaction(earlier, renderer.sql(earlier, **LAST_PASS))
    if step.form == "repeat":
        yield _repeat(renderer, step)
    elif step.sql:
        contexts = list(renderer.contexts(step))
        for context in contexts[:-1]:
            yield from _transaction(step, renderer.sql(step, **context))
        last = [renderer.sql(step, **contexts[-1])] if contexts else []
        if step.lock:
            last = [renderer.lock(step), *_rechecks(renderer, step), *last]
        if step.form == "once" and step.transaction:
            yield from _transaction(step, *last, *_assertions(renderer, step))
            return
        if last:
            yield from _transaction(step, *last)
    if step.assertions:
        yield f"BEGIN ISOLATION LEVEL {step.isolation.upper()};"
        yield from _assertions(renderer, step)
        yield "COMMIT;"


def _rechecks(renderer: Renderer, step: Step) -> Iterator[str]:
    if step.recheck:
        yield _recheck(renderer, step.recheck, "the run began")


def _recheck(renderer: Renderer, names: Sequence[str], since: str) -> str:
    """A block that raises unless facts are what they were."""
    known = [{"name": name, "digest": renderer.facts.digest(name)} for name in names]
    questions = renderer.questions(names)
    title = f"the table is not what it was when {since}; changed: "
    values = {"tag": _tag(questions), "questions": Sql(questions), "known": known, "title": title}
    return renderer.templates.render("script/recheck.sql", values).strip()


def _transaction(step: Step, *texts: str) -> Iterator[str]:
    if not step.transaction:
        yield from (text.strip() for text in texts)
        return
    yield f"BEGIN ISOLATION LEVEL {step.isolation.upper()};"
    yield from (text.strip() for text in texts)
    yield "COMMIT;"


def _repeat(renderer: Renderer, step: Step) -> str:
    assert step.repeat is not None  # for the type checker
    return renderer.templates.render(
        "script/repeat.sql",
        {
            "tag": _tag(step.name),
            "at_most": step.repeat.at_most,
            "isolation": Sql(step.isolation.upper()),
            "until": Sql(renderer.condition(step.repeat.until, step)),
            "sql": Sql(renderer.sql(step, **pass_number(1)).strip()),
            "title": f"step {step.name}: not done after {step.repeat.at_most} passes",
        },
    ).strip()


def _assertions(renderer: Renderer, step: Step) -> Iterator[str]:
    for assertion in step.assertions:
        rendered = renderer.assertion(assertion)
        yield f"-- assertion {assertion.kind} {_one_line(assertion.description)}".rstrip()
        if rendered.prepare:
            yield rendered.prepare.strip()
        yield _raise(renderer, step, assertion, rendered.query)


def _raise(renderer: Renderer, step: Step, assertion: Assertion, query: str) -> str:
    values = {
        "tag": _tag(query),
        "query": Sql(query),
        "failed_stops": assertion.severity == "error",
        "unknown_stops": assertion.unknown_stops,
        "title": f"step {step.name}: the assertion {assertion.kind} does not hold:",
    }
    return renderer.templates.render("script/assertion.sql", values).strip()


def _tag(text: str) -> Sql:
    return Sql(f"executor_{digest(text)[:8]}")


def _undo_steps(renderer: Renderer) -> Iterator[str]:
    for step in reversed(renderer.plan.steps):
        if step.rollback != NOTHING:
            yield from _title(f"Undo {step.name}", step if step.irreversible else None)
            yield from _undo(renderer, step)


def _undo(renderer: Renderer, step: Step) -> Iterator[str]:
    if step.irreversible:
        reason = literal(f"the step {step.name} can't be undone: {step.irreversible}")
        yield f"DO $executor$ BEGIN RAISE EXCEPTION USING MESSAGE = {reason}; END $executor$;"
    elif step.rollback != NOTHING:
        if step.retry.prepare:
            earlier = renderer.plan.step(step.retry.prepare)
            yield from _transaction(earlier, renderer.sql(earlier, **LAST_PASS))
        for context in renderer.rollback_contexts(step):
            texts = [renderer.rollback_lock(step), renderer.rollback(step, **context)]
            yield from _transaction(step, *filter(None, texts))


def _one_line(text: str) -> str:
    return " ".join(text.split())
