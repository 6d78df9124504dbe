"""What a plan sends, statement by statement, with what that touches. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from executor.plan.model import NOTHING, Step
from executor.rendering.renderer import ANY_TIMESTAMP, Renderer
from executor.templating.statements import split

from .locks import Touched, touched
from .tree import Relation

#: stands for the run's timestamp in what is shown; as long as one
TIMESTAMP = "YYYYMMDD_HHMMSS"

_COMMENT = re.compile(r"\s*(?:--[^\n]*\n|/\*.*?\*/)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Sent:
    """A statement of a plan, or many of the same form: the first of them."""

    step: str
    number: int  # of the step, from 1
    each: str  # of what it is sent for each one: batch, pass, item; empty if it is sent once
    times: int  # how many of the same form there are
    text: str
    comment: str  # the lines before it
    touched: Touched


def forward(own: Renderer, version: int) -> list[Sent]:
    """What the steps of a plan send, in their order; assertions and conditions only read."""
    found: list[Sent] = []
    for number, step in enumerate(own.plan.steps, 1):
        texts = [own.sql(step, **context) for context in own.contexts(step)] if step.sql else []
        if step.lock:
            found += _sent(step, number, own.lock(step), version)
        found += _folded(_sent(step, number, text, version) for text in texts)
    return found


def back(own: Renderer, version: int) -> list[Sent]:
    """What the rollback of a plan sends, last step first."""
    found: list[Sent] = []
    for number, step in reversed([*enumerate(own.plan.steps, 1)]):
        if step.rollback in (None, NOTHING):
            continue
        if step.rollback_lock:
            found += _sent(step, number, own.rollback_lock(step), version)
        contexts = own.rollback_contexts(step)
        texts = [own.rollback(step, **context) for context in contexts]
        found += _folded(_sent(step, number, text, version) for text in texts)
    return found


def _sent(step: Step, number: int, text: str, version: int) -> list[Sent]:
    each = {"batches": "batch", "repeat": "pass", "for_each": "item"}.get(step.form, "")
    found, end = [], 0
    for statement in split(text, step.name):
        begin = text.index(statement.text, end)  # the parser leaves out what stands before
        before, own = text[end:begin], statement.text
        end = begin + len(own)
        while comment := _COMMENT.match(own):
            before, own = before + comment[0], own[comment.end() :]
        told = touched(statement, version)
        found.append(Sent(step.name, number, each, 1, shown(own.strip()), _comment(before), told))
    return found


def _comment(text: str) -> str:
    """The comments in a text between two statements, as one line."""
    found = _COMMENT.findall(text.lstrip("; \n") + "\n")
    return " ".join(" ".join(item.strip().strip("-/*").split()) for item in found)


def shown(text: str) -> str:
    """A text as a review shows it: a run's timestamp is not known before it begins."""
    return text.replace(ANY_TIMESTAMP, TIMESTAMP)


def _folded(iterations: Iterable[list[Sent]]) -> Iterator[Sent]:
    """The iterations of one step as one, if each sends the same number of statements."""
    given = [iteration for iteration in iterations if iteration]
    if len({len(iteration) for iteration in given}) == 1:
        for alike in zip(*given, strict=True):
            kinds = {_form(item) for item in alike}
            if len(kinds) == 1:
                yield replace(alike[0], times=len(alike))
            else:
                yield from alike
    else:
        yield from (item for iteration in given for item in iteration)


def _form(sent: Sent) -> tuple[object, ...]:
    """What two statements have in common that are the same but for a name with a number in it."""
    told = sent.touched
    return (
        told.kind,
        tuple((_numberless(lock.relation), lock.role, lock.mode) for lock in told.locks),
        tuple(map(_numberless, told.named)),
    )


def _numberless(relation: Relation) -> str:
    return re.sub(r"\d+", "#", str(relation))


def fold(sent: Iterable[Sent]) -> list[Sent]:
    """Statements of the same step that are the same but for numbers, as one."""
    folded: dict[tuple[str, str], Sent] = {}
    for item in sent:
        key = item.step, re.sub(r"\d+", "#", item.text)
        known = folded.get(key)
        folded[key] = replace(known, times=known.times + item.times) if known else item
    return list(folded.values())
