r"""A whole plan as a script for psql. Pure.

Batches become one range over the whole table, assertions calls of a function that raises; each
step is in its transaction. psql's \if leaves out a step whose `when` is false.

A folded script is for reading: of all that is said again and again it has the first in full.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import dropwhile, groupby, islice
from typing import Any

from executor import __version__
from executor.plan.model import NOTHING, Assertion, Step
from executor.plan.session_settings import settings
from executor.templating.names import Sql, ident, literal
from executor.templating.templates import digest

from . import fold
from .facts import item_name
from .renderer import LAST_PASS, Renderer, pass_number

_RULE = f"-- {'-' * 97}"


def outline(renderer: Renderer) -> Iterator[str]:
    """The steps of a plan, one comment line each."""
    plan = renderer.plan
    yield f"-- {_one_line(plan.name)}: {_one_line(plan.description)}"
    for number, step in enumerate(plan.steps, 1):
        form = "" if step.form == "once" else f" [{step.form}]"
        yield f"-- {number:3}. {step.name}{form}: {_one_line(step.description)}".rstrip(": ")


def forward(renderer: Renderer, origin: str = "", *, folded: bool = False) -> Iterator[str]:
    """The script that performs the plan; ``origin`` says for which table it is."""
    yield from _first_lines(origin, folded=folded)
    yield from islice(outline(renderer), 1 if folded else None)
    yield "-- How it is undone, as a script: executor render --rollback"
    yield from _head(renderer, folded=folded)
    plan = renderer.plan
    if plan.finished_when:
        finished = renderer.condition(plan.finished_when)
        yield fold.finished(finished) if folded else _ask("executor_finished", finished)
    asks = bool(plan.finished_when) and not folded
    if plan.facts:
        first = _recheck(renderer, tuple(plan.facts), "the script was printed")
        yield from _unless("executor_finished", [first]) if asks else [first]
    steps = enumerate(plan.steps, 1)
    for always, own in groupby(steps, key=lambda item: item[1].always):
        body = [
            line
            for number, step in own
            for line in _step_text(renderer, number, step, folded=folded)
        ]
        yield from _unless("executor_finished", body) if asks and not always else body


def _step_text(renderer: Renderer, number: int, step: Step, *, folded: bool) -> Iterator[str]:
    title = f"Step {number} of {len(renderer.plan.steps)}: {step.name}"
    yield from _title(title, step, rule=[] if folded else [_RULE])
    body = list(_forward(renderer, step, folded=folded))
    if step.when:
        asked = renderer.condition(step.when, step)
        if folded:
            body = [fold.only_if(asked), *body]
        else:
            skip = f"NOT coalesce((\n{asked}\n), false)"
            body = [f"SELECT {skip} AS executor_skip \\gset", *_unless("executor_skip", body)]
    yield from body


def rollback(renderer: Renderer, origin: str = "", *, folded: bool = False) -> Iterator[str]:
    """The script that undoes the plan, last step first; ``origin`` says for which table it is."""
    yield from _first_lines(origin, folded=folded)
    yield f"-- {_one_line(renderer.plan.name)}: rollback"
    yield from _head(renderer, folded=folded)
    if first := renderer.plan.before_rollback:
        yield from _title("Before anything is undone", rule=[] if folded else [_RULE])
        texts = _transaction(first, renderer.before_rollback())
        yield from _folded(texts) if folded else texts
    for step in reversed(renderer.plan.steps):
        if step.rollback != NOTHING:
            about = step if step.irreversible else None
            yield from _title(f"Undo {step.name}", about, rule=[] if folded else [_RULE])
            yield from _back(renderer, step, folded=folded)


def _first_lines(origin: str, *, folded: bool) -> Iterator[str]:
    yield from [fold.HEAD, fold.TRANSACTIONS] if folded else []
    yield from [f"-- {_one_line(origin)}"] if origin else []


def objects(
    renderer: Renderer, *, sql: bool, undo: bool, folded: bool = False
) -> Iterator[dict[str, object]]:
    """The steps for machines, with what does (`sql`) or undoes them, in the order of the script."""
    plan = renderer.plan
    steps = list(enumerate(plan.steps, 1))
    for number, step in reversed(steps) if undo else steps:
        item: dict[str, object] = {"event": "Step", "number": number, "step": step.name}
        item |= {"form": step.form, "description": step.description}
        if undo:
            item["script"] = "\n".join(_back(renderer, step, folded=folded))
        elif sql:
            item["when"] = renderer.condition(step.when, step) if step.when else None
            item["script"] = "\n".join(_forward(renderer, step, folded=folded))
        yield item
    yield {"event": "Rendered", "plan": plan.name, "steps": len(steps)}


def _head(renderer: Renderer, *, folded: bool) -> Iterator[str]:
    yield f"-- Rendered by executor {__version__} for psql -v ON_ERROR_STOP=1"
    yield "\\set ON_ERROR_STOP on"
    yield from [fold.REFUSAL] if folded else []
    yield "SET client_encoding = 'UTF8';"
    for name, value in settings(renderer.plan.settings).items():
        yield f"SET {name} = {_setting(name, value)};"
    begin = [renderer.session(), renderer.judge()]
    if any(step.assertions or step.form == "repeat" for step in renderer.plan.steps):
        begin.append(renderer.templates.render("script/session.sql", {}))
    if renderer.plan.facts:
        begin.append(renderer.fact_function())
    begin = list(filter(None, map(str.strip, begin)))
    if begin:
        yield "BEGIN;"
        for text in begin:
            yield from fold.functions(text) if folded else [text]
        yield "COMMIT;"


def _setting(name: str, value: str) -> str:
    if name == "search_path":  # SET takes a list of names here, not one text
        names = [part.strip().strip('"') for part in value.split(",")]
        return ", ".join(map(ident, filter(None, names))) or "''"
    return literal(value)


def _title(text: str, step: Step | None = None, rule: Sequence[str] = (_RULE,)) -> Iterator[str]:
    yield from ("", *rule, f"-- {text}")
    if step and step.description:
        yield from (f"-- {line}" for line in textwrap.wrap(step.description, 97))
    yield from rule


def _ask(name: str, condition: str) -> str:
    return f"SELECT coalesce((\n{condition}\n), false) AS {name} \\gset"


def _unless(variable: str, body: list[str]) -> Iterator[str]:
    yield f"\\if :{variable}"
    yield "\\else"
    yield from body
    yield "\\endif"


def _forward(renderer: Renderer, step: Step, *, folded: bool) -> Iterator[str]:
    texts = _step(renderer, step, folded=folded)
    return _folded(texts) if folded else texts


def _folded(texts: Iterator[str]) -> Iterator[str]:
    left_out = (_begin("read committed"), "COMMIT;")
    return fold.runs(text for text in texts if text not in left_out)


def _begin(isolation: str) -> str:
    return f"BEGIN ISOLATION LEVEL {isolation.upper()};"


def _back(renderer: Renderer, step: Step, *, folded: bool) -> Iterator[str]:
    texts = _undo(renderer, step, folded=folded)
    return _folded(texts) if folded else texts


def _step(renderer: Renderer, step: Step, *, folded: bool) -> Iterator[str]:
    yield from _prepared(renderer, step)
    if step.form == "repeat" and step.repeat and folded:
        yield fold.until(renderer.condition(step.repeat.until, step), step.repeat.at_most)
        yield fold.cut(renderer.sql(step, **pass_number(1)))
    elif step.form == "repeat":
        yield _repeat(renderer, step)
    elif step.form == "once" and step.sql and step.transaction:
        again = list(_rechecks(renderer, step))  # before the lock, too: it is planned by then
        lock = [*again, renderer.lock(step), *again] if step.lock else []
        assertions = _assertions(renderer, step, folded=folded)
        texts = [*lock, renderer.sql(step)]
        yield from _transaction(step, *(map(fold.cut, texts) if folded else texts), *assertions)
        return
    elif step.sql:
        contexts = list(renderer.contexts(step))
        skip = renderer.condition(step.skip, step) if step.skip else ""
        yield from _iterations(step, contexts, renderer.sql, folded=folded, skip=skip)
    if step.assertions:
        assertions = _assertions(renderer, step, folded=folded)
        yield from _transaction(replace(step, transaction=True), *assertions)


def _prepared(renderer: Renderer, step: Step) -> Iterator[str]:
    if step.retry.prepare:
        earlier = renderer.plan.step(step.retry.prepare)
        yield f"-- First what {earlier.name} does, once more."
        text = _without_comment(renderer.sql(earlier, **LAST_PASS))
        yield from _transaction(earlier, text)


def _iterations(
    step: Step,
    contexts: list[dict[str, Any]],
    render: Callable[..., str],
    *,
    folded: bool,
    skip: str = "",
) -> Iterator[str]:
    """Each iteration in its transaction; what the first one says of itself is not said again."""
    joined = step.transaction and not folded and not skip
    for number, context in enumerate(contexts):
        if number and folded:
            yield fold.more([context["item"] for context in contexts[1:]])
            return
        text = fold.cut(render(step, **context)) if folded else render(step, **context)
        body = list(_transaction(step, _without_comment(text) if number else text))
        if skip and folded:
            body = [fold.unless_in(skip), *body]
        elif skip:
            name = literal(item_name(context["item"]))
            yield f"SELECT {name} IN (\n{skip}\n) AS executor_skip \\gset"
            body = list(_unless("executor_skip", body))
        elif joined:  # the end of a transaction and the next one's begin on one line
            body = body if number == 0 else [f"COMMIT; {body[0]}", *body[1:]]
            body = body if number == len(contexts) - 1 else body[:-1]
        yield from body


def _without_comment(text: str) -> str:
    lines = text.strip().splitlines()
    return "\n".join(dropwhile(lambda line: not line.strip() or line.startswith("--"), lines))


def _rechecks(renderer: Renderer, step: Step) -> Iterator[str]:
    if step.recheck:
        yield _recheck(renderer, step.recheck, "the run began")


def _recheck(renderer: Renderer, names: Sequence[str], since: str) -> str:
    """A call that raises unless facts are what they were."""
    values = {"since": since, "digests": {name: renderer.facts.digest(name) for name in names}}
    return renderer.templates.render("script/recheck.sql", values).strip()


def _transaction(step: Step, *texts: str) -> Iterator[str]:
    if not step.transaction:
        yield from (text.strip() for text in texts)
        return
    yield _begin(step.isolation)
    yield from (text.strip() for text in texts)
    yield "COMMIT;"


def _repeat(renderer: Renderer, step: Step) -> str:
    assert step.repeat is not None  # for the type checker
    return renderer.templates.render(
        "script/repeat.sql",
        {
            "tag": Sql(f"executor_{digest(step.name)[:8]}"),
            "at_most": step.repeat.at_most,
            "isolation": step.isolation,
            "until": Sql(renderer.condition(step.repeat.until, step).strip()),
            "sql": Sql(renderer.sql(step, **pass_number(1)).strip()),
            "step": step.name,
        },
    ).strip()


def _assertions(renderer: Renderer, step: Step, *, folded: bool) -> Iterator[str]:
    for assertion in step.assertions:
        file = assertion.arguments.get("sql") or f"assertions/{assertion.kind}.sql"
        said = f"{assertion.kind} ({renderer.templates.display(file)})"
        yield f"-- assertion {said}: {_one_line(assertion.description)}".rstrip(": ")
        if not folded:
            rendered = renderer.assertion(assertion)
            yield from filter(None, [rendered.prepare.strip()])
            yield _judge(renderer, step, assertion, rendered.query)


def _judge(renderer: Renderer, step: Step, assertion: Assertion, query: str) -> str:
    values = {
        "query": Sql(query),
        "failed_stops": assertion.severity == "error",
        "unknown_stops": assertion.unknown_stops,
        "claim": f"step {step.name}: {_one_line(assertion.description) or assertion.kind}",
    }
    return renderer.templates.render("script/assertion.sql", values).strip()


def _undo(renderer: Renderer, step: Step, *, folded: bool) -> Iterator[str]:
    if step.irreversible:
        reason = literal(f"the step {step.name} can't be undone: {step.irreversible}")
        yield f"DO $executor$ BEGIN RAISE EXCEPTION USING MESSAGE = {reason}; END $executor$;"
    elif step.rollback != NOTHING:
        yield from _prepared(renderer, step)
        contexts = list(renderer.rollback_contexts(step))
        yield from _iterations(step, contexts, _with_lock(renderer), folded=folded)


def _with_lock(renderer: Renderer) -> Callable[..., str]:
    def undo(step: Step, **context: Any) -> str:
        texts = [renderer.rollback_lock(step), renderer.rollback(step, **context)]
        return "\n".join(text.strip() for text in texts if text)

    return undo


def _one_line(text: str) -> str:
    return " ".join(text.split())
