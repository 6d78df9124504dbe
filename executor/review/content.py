"""What a review says, put together once; page.py writes it down. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from executor import __version__
from executor.formats import moment
from executor.plan import variables
from executor.rendering.renderer import Renderer
from executor.templating.statements import numberless

from . import told
from .ask import Asked
from .bound import Bound
from .kinds import CHILDREN, MODES, WAITS, Mode
from .locks import strongest
from .origins import Origins
from .reading import OTHER
from .statements import Sent, fold, shown

_VERB = re.compile(r"[A-Z]+(?: [A-Z]+)?")  # the first words of a statement


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check of the plan has found."""

    verdict: str  # error, not known, warning
    claim: str
    subject: str
    expected: str
    actual: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks say that a plan begins with, and which steps are left out."""

    findings: tuple[Finding, ...]  # that did not pass, the worst first
    passed: int  # how many did
    not_asked: tuple[str, ...]  # checks that only a run can do
    left_out: tuple[str, ...]  # steps whose `when` does not hold


#: verdicts, the worst first
VERDICTS = ("error", "not known", "warning")


@dataclass(frozen=True, slots=True)
class OnOne:
    """A lock on a relation that was there before."""

    relation: str
    mode: Mode
    waits: str


@dataclass(frozen=True, slots=True)
class Line:
    """A statement, or many of one form."""

    step: str
    number: int
    sql: str
    why: str  # the comment before it
    times: int
    each: str
    kind: str
    locks: tuple[OnOne, ...] = ()  # on what was there before
    beside: str = ""  # what is locked as well, where only the catalog could say it

    @property
    def mode(self) -> Mode | None:
        """The strongest lock on what was there before."""
        return strongest(lock.mode for lock in self.locks)

    @property
    def often(self) -> str:
        """How often it is sent."""
        many = f"×{self.times:,}" if self.times > 1 else ""
        each = f"each {self.each}" if self.each in ("batch", "pass") else ""
        return " ".join(filter(None, [many, each]))


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of a plan, by what they touch."""

    existing: tuple[Line, ...]  # lock what was there before, and do more than read it
    reading: tuple[Line, ...]  # only read what was there before
    new: tuple[Line, ...]
    blocks: tuple[Line, ...]  # whose text does not say what they send
    calls: tuple[tuple[str, int], ...]  # of procedures, and how often


@dataclass(frozen=True, slots=True)
class Review:
    """The document: a heading and its lines for each section."""

    plan: str
    description: str
    subject: str
    where: str
    made_at: str
    minute: tuple[tuple[str, str], ...]
    checked: Checked
    forward: Statements
    back: Statements
    resources: tuple[tuple[str, str], ...]
    ways_on: tuple[tuple[str, str], ...]
    security: tuple[tuple[str, str], ...]
    signed: tuple[tuple[str, str], ...]
    values: Mapping[str, Any]
    given: Mapping[str, Any]
    digest: str
    fingerprint: str
    bound: Bound


def review(
    own: Renderer,
    asked: Asked,
    sent: tuple[Sequence[Sent], Sequence[Sent]],
    checked: Checked,
    bound: Bound,
    given: Mapping[str, Any],
) -> Review:
    """The document of a plan; ``sent`` is what it sends there and back."""
    there, back = ([i for i in items if i.step not in checked.left_out] for items in sent)
    origins = Origins(asked.objects)
    done, undone = statements(there, origins), statements(back, origins)
    seen = told.Seen(own, asked, there, done, undone, checked, bound)
    return Review(
        plan=own.plan.name,
        description=own.plan.description,
        subject=seen.subject,
        where=asked.where,
        made_at=f"{moment(asked.server['asked_at'])} UTC",
        minute=tuple(told.minute(seen)),
        checked=checked,
        forward=done,
        back=undone,
        resources=tuple(told.resources(seen)),
        ways_on=tuple(told.ways_on(seen)),
        security=tuple(told.security(seen)),
        signed=tuple(told.signed(seen, __version__)),
        values=variables.chosen_values(own.plan, own.values),
        given=dict(given),
        digest=bound.digest,
        fingerprint=own.facts.fingerprint,
        bound=bound,
    )


def statements(sent: Sequence[Sent], origins: Origins) -> Statements:
    """Sorted by what they touch; ``origins`` is as it was before them, and as after them then."""
    existing: list[tuple[Line, str]] = []
    reading: list[tuple[Line, str]] = []
    new: list[Sent] = []
    blocks: list[Sent] = []
    calls: Counter[str] = Counter()
    for item in sent:
        line = _line(item, origins)
        if item.touched.body and item.touched.calls:
            calls.update({str(name): item.times for name in item.touched.calls})
        elif item.touched.body:
            blocks.append(item)
        elif item.touched.kind == "SET":
            continue
        elif line.locks or origins.named(item.touched):
            roles = {lock.role for _, lock in origins.locks(item.touched)}
            only_read = line.mode == MODES[0] and roles <= {"read", "like", "owner"}
            news = any(origins.of(name) is None for name in item.touched.relations)
            (reading if only_read else existing).append(
                (line, numberless(item.text) if news else item.text)
            )
        else:
            new.append(item)
        origins.follow(item.touched)
    plain = Origins({})
    return Statements(
        tuple(_alike(existing)),
        tuple(_alike(reading)),
        tuple(_line(item, plain) for item in fold(new)),
        tuple(_line(item, plain) for item in fold(blocks)),
        tuple(calls.most_common()),
    )


def _line(item: Sent, origins: Origins) -> Line:
    strongest_of: dict[str, Mode] = {}
    for _, lock in origins.locks(item.touched):
        name = shown(str(lock.relation))
        mode = strongest([lock.mode, strongest_of.get(name, lock.mode)])
        strongest_of[name] = mode or lock.mode
    locks = tuple(OnOne(name, mode, WAITS[mode]) for name, mode in strongest_of.items())
    locks = tuple(sorted(locks, key=lambda lock: -MODES.index(lock.mode)))
    kind = item.touched.body or item.touched.kind
    if kind == OTHER and (words := _VERB.match(item.text)):
        kind = words[0]
    beside = _beside(item, origins) if locks else ""
    return Line(
        *(item.step, item.number, item.text, shown(item.comment), item.times, item.each),
        *(kind, locks, beside),
    )


def _beside(item: Sent, origins: Origins) -> str:
    """What is locked as well, where that can be: a plain table has no partitions."""
    found = [known for known, lock in origins.locks(item.touched) if lock.role == "on"]
    if item.touched.also == CHILDREN and not any(known.children for known in found):
        return ""
    return item.touched.also


def _alike(lines: Iterable[tuple[Line, str]]) -> Iterator[Line]:
    """The lines of the same step and form as one: what was there before is the same in all."""
    found: dict[object, Line] = {}
    for line, form in lines:
        key = line.step, form, line.locks
        known = found.get(key)
        found[key] = replace(known, times=known.times + line.times) if known else line
    yield from found.values()
