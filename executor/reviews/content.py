"""What a review says, put together once; page.py writes it down. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from executor import __version__
from executor.formats import moment
from executor.plan import variables
from executor.rendering.renderer import Renderer
from executor.templating.statements import numberless

from . import layout, told
from .ask import Asked
from .bound import Bound
from .kinds import CHILDREN, MODES, WAITS, Mode
from .locks import strongest
from .origins import Known, Origins
from .reading import OTHER
from .statements import (
    Call,
    Script,
    Sent,
    Transaction,
    all_sent,
    calls,
    fold,
    procedures,
    shown,
)
from .tree import Relation
from .waits import Wait, Waiting, by_table, order, waits

Form = Literal["html", "markdown", "json"]

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
    held: bool = False  # the transaction has it already


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
    calls: tuple[str, ...] = ()  # what a block calls
    unread: bool = False  # a block whose text does not have all that it sends
    asks: bool = False  # a block that reads, and does no more than stop the run
    place: int = 0  # the line of the printed script where it begins

    @property
    def mode(self) -> Mode | None:
        """The strongest lock on what was there before."""
        return strongest(lock.mode for lock in self.locks)

    @property
    def length(self) -> int:
        """How many lines it has."""
        return self.sql.count("\n") + 1

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
    blocks: tuple[Line, ...]  # of plpgsql
    calls: tuple[Call, ...]  # of procedures
    waits: tuple[Wait, ...] = ()  # for what was there before
    order: str = ""  # in which transactions they are


@dataclass(frozen=True, slots=True)
class Review:
    """The document: a heading and its lines for each section."""

    plan: str
    file: str  # of the plan
    description: str
    subject: str
    where: str
    made_at: str
    minute: tuple[tuple[str, str], ...]
    different: tuple[tuple[str, str], ...]
    steps: Mapping[str, str]  # what each is for, in the words of the plan
    waiting: tuple[Waiting, ...]
    waited: tuple[tuple[str, str], ...]
    checked: Checked
    forward: Statements
    of_new: str  # who waits for what its statements make
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
    rehearsal: tuple[tuple[str, str], ...] = ()  # what was found by running it on some rows

    def written(self, form: Form) -> str:
        """The document as text."""
        from . import page  # noqa: PLC0415 - it knows what stands here

        writers = {"html": page.as_html, "markdown": page.as_markdown, "json": page.as_json}
        return writers[form](self)


def review(
    own: Renderer,
    asked: Asked,
    sent: tuple[Sequence[Transaction], Sequence[Transaction]],
    checked: Checked,
    bound: Bound,
    given: Mapping[str, Any],
) -> Review:
    """The document of a plan; ``sent`` is what it sends there and back."""
    done, undone = _both_ways(own, asked, sent, checked.left_out, Script(bound.script))
    there = [one for one in sent[0] if one.step.name not in checked.left_out]
    seen = told.Seen(own, asked, all_sent(there), done, undone, checked, bound)
    return Review(
        plan=own.plan.name,
        file=str(own.plan.path),
        description=own.plan.description,
        subject=seen.subject,
        where=asked.where,
        made_at=f"{moment(asked.server['asked_at'])} UTC",
        minute=tuple(told.minute(seen)),
        different=tuple(layout.different(seen)),
        steps={step.name: step.description for step in own.plan.steps},
        waiting=tuple(by_table(done.waits, seen.subject)),
        waited=tuple(told.waited(seen)),
        checked=checked,
        forward=done,
        of_new=layout.of_new(seen),
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


def _both_ways(
    own: Renderer,
    asked: Asked,
    sent: tuple[Sequence[Transaction], Sequence[Transaction]],
    left_out: Sequence[str],
    script: Script,
) -> list[Statements]:
    """The statements there and back, with the procedures that they call and who waits for them."""
    known = procedures(own)
    found: list[Statements] = []
    names, locks = Origins(asked.objects), Origins(asked.objects)
    # the way back has a script of its own, in which nobody looks for lines
    for transactions, printed in zip(sent, (script, Script("")), strict=True):
        done = [one for one in transactions if one.step.name not in left_out]
        items = all_sent(done)
        one = statements(items, names)
        placed = {
            name: tuple(_placed(line, printed) for line in getattr(one, name))
            for name in ("existing", "new", "blocks")
        }
        called = tuple(calls(items, known, printed))
        held = tuple(waits(done, locks, own.plan.settings))
        how = order(done, {line.step for line in (*one.existing, *one.reading)})
        found.append(replace(one, **placed, calls=called, waits=held, order=how))
    return found


def _placed(line: Line, script: Script) -> Line:
    return replace(line, place=script.line(line.sql, line.step))


def statements(sent: Sequence[Sent], origins: Origins) -> Statements:
    """Sorted by what they touch; ``origins`` is as it was before them, and as after them then."""
    existing: list[tuple[Line, str]] = []
    reading: list[tuple[Line, str]] = []
    new: list[Sent] = []
    blocks: list[Sent] = []
    held = Held()
    own = any(item.touched.kind == "CREATE PUBLICATION" for item in sent)
    for item in sent:
        line = _line(item, origins, held)
        if item.touched.body == "a block":
            blocks.append(item)
        if item.touched.kind == "SET" or (item.touched.body and line.mode in (None, MODES[0])):
            pass
        elif (
            line.locks
            or origins.named(item.touched)
            # what it publishes may be said without a table's name
            or (item.touched.kind == "ALTER PUBLICATION" and not own)
        ):
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
        (),
    )


def _line(item: Sent, origins: Origins, held: Held | None = None) -> Line:
    strongest_of: dict[str, OnOne] = {}
    for known, lock in origins.locks(item.touched):
        name = shown(str(lock.relation))
        have = held.has(item, known, lock.mode) if held else False
        one = OnOne(name, lock.mode, WAITS[lock.mode], have)
        before = strongest_of.get(name, one)
        strongest_of[name] = max(before, one, key=lambda lock: MODES.index(lock.mode))
    locks = tuple(sorted(strongest_of.values(), key=lambda lock: -MODES.index(lock.mode)))
    kind = item.touched.body or item.touched.kind
    if kind == OTHER and (words := _VERB.match(item.text)):
        kind = words[0]
    called = tuple(shown(str(name)) for name in item.touched.calls if name.schema != "pg_catalog")
    unread = item.touched.unread or item.touched.body == "a prepared statement"
    return Line(
        *(item.step, item.number, item.text, shown(item.comment), item.times, item.each),
        *(kind, locks, _beside(item, origins) if locks else ""),
        *(called, unread),
        asks=item.touched.asks,
    )


class Held:
    """What the transaction of a step has locked by now, as the objects that were there before."""

    def __init__(self) -> None:
        self._step = ""
        self._modes: dict[Relation, int] = {}

    def has(self, item: Sent, known: Known, mode: Mode) -> bool:
        """Whether it has a lock already that is as strong; from now on it has."""
        if item.step != self._step or item.each:  # each item is a transaction of its own
            self._step, self._modes = item.step, {}
        strength = MODES.index(mode)
        of_table = self._modes.get(known.index_of, -1) if known.index_of else -1
        have = max(self._modes.get(known.relation, -1), of_table)
        self._modes[known.relation] = max(have, strength)
        return have >= strength


def _beside(item: Sent, origins: Origins) -> str:
    """What is locked as well, where that can be: a plain table has no partitions."""
    found = [known for known, lock in origins.locks(item.touched) if lock.role == "on"]
    if item.touched.also == CHILDREN and not any(known.children for known in found):
        return ""
    if found and all(known.kind in "vm" for known in found):
        return ""  # a view has neither sequences nor partitions
    return item.touched.also


def _alike(lines: Iterable[tuple[Line, str]]) -> Iterator[Line]:
    """The lines of the same step and form as one: what was there before is the same in all."""
    found: dict[object, Line] = {}
    for line, form in lines:
        key = line.step, form, line.locks
        known = found.get(key)
        found[key] = replace(known, times=known.times + line.times) if known else line
    yield from found.values()
