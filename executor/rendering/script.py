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
from executor.errors import UsageError
from executor.plan.model import NOTHING, Assertion, Step
from executor.plan.session_settings import settings
from executor.plan.variables import judged
from executor.templating.names import Sql, ident, literal
from executor.templating.templates import digest

from . import fold
from .facts import item_name
from .iterations import LAST_PASS, pass_number
from .renderer import Renderer

_WIDTH = 120  # of a line that two statements may share


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
        # what facts of the result say is not what these steps were to see
        left_out = asks and (not always or renderer.facts.of_result)
        yield from _unless("executor_finished", body) if left_out else body


def _step_text(renderer: Renderer, number: int, step: Step, *, folded: bool) -> Iterator[str]:
    title = f"Step {number} of {len(renderer.plan.steps)}: {step.name}"
    yield from _title(title, step)
    body = list(_forward(renderer, step, folded=folded))
    if step.when:
        asked = renderer.condition(step.when, step)
        if folded:
            body = [fold.only_if(asked), *body]
        else:
            body = [_ask("executor_due", asked), "\\if :executor_due", *body, "\\endif"]
    yield from body


def rollback(renderer: Renderer, origin: str = "", *, folded: bool = False) -> Iterator[str]:
    """The script that undoes the plan, last step first; ``origin`` says for which table it is.

    Raises UsageError where it would be one for a table that the plan has changed already.
    """
    _refuse_late(renderer)
    yield from _first_lines(origin, folded=folded)
    yield f"-- {_one_line(renderer.plan.name)}: rollback"
    yield from _head(renderer, folded=folded)
    if first := renderer.plan.before_rollback:
        yield from _title("Before anything is undone")
        texts = _transaction(first, renderer.before_rollback())
        yield from _folded(texts) if folded else texts
    for step in reversed(renderer.plan.steps):
        if step.rollback != NOTHING:
            about = step if step.irreversible else None
            yield from _title(f"Undo {step.name}", about)
            yield from _back(renderer, step, folded=folded)


def _refuse_late(renderer: Renderer) -> None:
    if renderer.facts.of_result:
        raise UsageError(
            f"{renderer.subject or 'what the plan is about'} is already as {renderer.plan.name}"
            " makes it: a script that undoes that has to be rendered before, and rendered now it"
            " would look for names and definitions that were never there",
            hint="`executor rollback` undoes a run of executor; where psql ran the plan, give"
            " --facts and --timestamp that its script was rendered with",
        )


def _first_lines(origin: str, *, folded: bool) -> Iterator[str]:
    yield from [fold.HEAD, fold.TRANSACTIONS] if folded else []
    yield from [f"-- {_one_line(origin)}"] if origin else []


def objects(
    renderer: Renderer, *, sql: bool, undo: bool, folded: bool = False
) -> Iterator[dict[str, object]]:
    """The steps for machines, with what does (`sql`) or undoes them, in the order of the script."""
    plan = renderer.plan
    if undo:
        _refuse_late(renderer)
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


def _title(text: str, step: Step | None = None) -> Iterator[str]:
    yield from ("", f"-- {text}")
    if step and step.description:
        yield from (f"-- {line}" for line in textwrap.wrap(step.description, _WIDTH - 3))


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
    """Iterations as a run does them; what the first one says of itself is not said again."""
    if folded:
        yield from [fold.unless_in(skip)] if skip else []
        yield from _transaction(step, fold.cut(render(step, **contexts[0]))) if contexts else ()
        yield from (
            [fold.more([context["item"] for context in contexts[1:]])] if contexts[1:] else []
        )
        return
    texts = [render(step, **context).strip() for context in contexts]
    texts[1:] = map(_without_comment, texts[1:])
    if skip:  # asked once, as the run does
        yield "SELECT coalesce(array_agg(name::text), '{}') AS executor_skipped FROM ("
        yield f"{skip}\n) AS asked (name) \\gset"
        for context, text in zip(contexts, texts, strict=True):
            body = "\n".join(_transaction(step, text))
            name = literal(item_name(context["item"]))
            asked = f"SELECT {name} <> ALL (:'executor_skipped'::text[]) AS executor_due \\gset"
            yield f"{asked} \\if :executor_due\n{body} \\endif"
    elif step.transaction:
        yield from _chained(step, texts)
    else:
        yield from texts


def _chained(step: Step, texts: Sequence[str]) -> Iterator[str]:
    """Transactions one after the other; those that always share one in a run share it here."""
    joins = step.together.at_most if step.together and not step.together.small else 1
    if texts:
        yield _begin(step.isolation)
    for number, text in enumerate(texts):
        if number == 0 or number % joins:
            yield text
        else:  # the next transaction has the isolation of the one before
            line = f"COMMIT AND CHAIN; {text}"
            fits = len(line.partition("\n")[0]) <= _WIDTH
            yield line if fits else f"COMMIT AND CHAIN;\n{text}"
    if texts:
        yield "COMMIT;"


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


def _judge(renderer: Renderer, step: Step, given: Assertion, query: str) -> str:
    assertion = judged(given, renderer.templates, renderer.values)
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
        alone = replace(step, together=None)  # a rollback undoes each in a transaction of its own
        yield from _iterations(alone, contexts, _with_lock(renderer), folded=folded)


def _with_lock(renderer: Renderer) -> Callable[..., str]:
    def undo(step: Step, **context: Any) -> str:
        texts = [renderer.rollback_lock(step), renderer.rollback(step, **context)]
        return "\n".join(text.strip() for text in texts if text)

    return undo


def _one_line(text: str) -> str:
    return " ".join(text.split())
