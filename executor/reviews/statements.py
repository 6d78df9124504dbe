"""What a plan sends, statement by statement, with what that touches. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from executor.plan.model import NOTHING, Step
from executor.rendering import fold as folded
from executor.rendering.renderer import ANY_TIMESTAMP, Renderer
from executor.templating.statements import numberless, split

from .locks import Touched, touched

#: stands for the run's timestamp in what is shown; as long as one
TIMESTAMP = "YYYYMMDD_HHMMSS"

#: begins what a comment says of locks
LOCK = "Lock: "

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


@dataclass(frozen=True, slots=True)
class Transaction:
    """The statements of a plan that are one transaction, or one of many of the same form."""

    step: Step
    number: int  # of the step, from 1
    times: int  # how many of the same form there are
    statements: tuple[Sent, ...]


def forward(own: Renderer, version: int) -> list[Transaction]:
    """What the steps of a plan send, in their order; assertions and conditions only read."""
    found: list[Transaction] = []
    for number, step in enumerate(own.plan.steps, 1):
        texts = [own.sql(step, **context) for context in own.contexts(step)] if step.sql else []
        found += _transactions(step, number, own.lock(step), texts, version)
    return found


def back(own: Renderer, version: int) -> list[Transaction]:
    """What the rollback of a plan sends, last step first."""
    found: list[Transaction] = []
    for number, step in reversed([*enumerate(own.plan.steps, 1)]):
        if step.rollback in (None, NOTHING):
            continue
        contexts = own.rollback_contexts(step)
        texts = [own.rollback(step, **context) for context in contexts]
        found += _transactions(step, number, own.rollback_lock(step), texts, version)
    return found


def _transactions(
    step: Step, number: int, lock: str, texts: Iterable[str], version: int
) -> Iterator[Transaction]:
    """Those of a step; iterations that are the same but for numbers are read once."""
    same: dict[str, list[str]] = {}
    for text in texts:
        same.setdefault(numberless(text), []).append(text)
    for alike in same.values():
        parts = [part for part in (lock, alike[0]) if part]
        sent = [item for part in parts for item in _sent(step, number, part, version)]
        sent = [replace(item, times=len(alike)) for item in sent]
        pieces = [tuple(sent)] if step.transaction else [(item,) for item in sent]
        yield from (Transaction(step, number, len(alike), piece) for piece in pieces)


def all_sent(transactions: Iterable[Transaction]) -> list[Sent]:
    """The statements, those of one step and form as one."""
    found: list[Sent] = []
    for _, own in groupby(transactions, key=lambda one: one.number):
        found += _grouped((item for one in own for item in one.statements), _form)
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
    """The last comment before a statement, as one line: what stands above it tells of more."""
    paragraphs = [part for part in text.lstrip("; \n").split("\n\n") if part.strip()]
    found = _COMMENT.findall("".join(paragraphs[-1:]) + "\n")
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


# -- what procedures do, whose calls do not say it


@dataclass(frozen=True, slots=True)
class Call:
    """A procedure of the plan's session that steps call."""

    name: str
    times: int
    does: str  # its comment
    line: int  # of the printed script, where its body begins

    @property
    def locks(self) -> bool:
        """Whether its comment names a lock."""
        return LOCK in self.does


class Script:
    """The script that `executor render --print-sql` prints, and where in it something stands."""

    def __init__(self, text: str) -> None:
        # that one says in its first line for which table it is
        self._text = "\n" + shown(text)

    def line(self, text: str, step: str = "") -> int:
        """The number of the line at which a text begins, from a step on; 0 if it is not there."""
        begin = max(self._text.find(f": {step}\n"), 0) if step else 0
        place = self._text.find(text, begin)
        return self._text.count("\n", 0, place) + 1 if place >= 0 else 0


def calls(sent: Sequence[Sent], bodies: Mapping[str, str], script: Script) -> Iterator[Call]:
    """The procedures that are called: first those that lock, then by how often they are."""
    times: Counter[str] = Counter()
    made = {str(item.touched.defined[0]): item.comment for item in sent if item.touched.defined}
    bodies = {**made, **bodies}
    for item in sent:
        if item.touched.body == "a procedure":
            times.update({str(name): item.times for name in item.touched.calls})
    found = [
        Call(name, many, bodies.get(name, ""), script.line(f" {name}("))
        for name, many in times.most_common()
    ]
    yield from sorted(found, key=lambda call: not call.locks)


def procedures(own: Renderer) -> dict[str, str]:
    """What the plan's sessions have before the first step: names, and what each does."""
    found = {}
    for text in filter(None, (own.session(), own.judge())):
        for statement in split(text, "session"):
            if statement.kind == "create_function_stmt":
                found[folded.name_of(statement)] = folded.said_of(text, statement)
    return found
