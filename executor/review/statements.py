"""What a plan sends, statement by statement, with what that touches. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from executor.plan.model import NOTHING, Step
from executor.rendering.renderer import ANY_TIMESTAMP, Renderer
from executor.templating.statements import numberless, split

from .locks import Touched, touched

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
        found += _all(step, number, texts, version)
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
        found += _all(step, number, texts, version)
    return found


def _all(step: Step, number: int, texts: Iterable[str], version: int) -> list[Sent]:
    """The iterations of a step; those that are the same but for numbers are read once."""
    same: dict[str, list[str]] = {}
    for text in texts:
        same.setdefault(numberless(text), []).append(text)
    sent = (
        replace(item, times=len(alike))
        for alike in same.values()
        for item in _sent(step, number, alike[0], version)
    )
    return _grouped(sent, _form)


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


def fold(sent: Iterable[Sent]) -> list[Sent]:
    """Statements of the same step that are the same but for numbers, as one."""
    return _grouped(sent, lambda item: item.step)


def _grouped(sent: Iterable[Sent], by: Callable[[Sent], object]) -> list[Sent]:
    """The first of those that are the same but for numbers, and of one group, for all of them."""
    groups: dict[object, list[Sent]] = {}
    for item in sent:
        groups.setdefault((by(item), numberless(item.text)), []).append(item)
    return [replace(alike[0], times=sum(item.times for item in alike)) for alike in groups.values()]


def _form(sent: Sent) -> tuple[object, ...]:
    """What two statements have in common that are the same but for a name with a number in it."""
    told = sent.touched
    return (
        told.kind,
        tuple((numberless(lock.relation), lock.role, lock.mode) for lock in told.locks),
        tuple(map(numberless, told.named)),
    )
