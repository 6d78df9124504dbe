"""The sentences of a review: what is at stake, what it takes, and how to get out of it. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from executor.formats import count, short, size, took
from executor.plan.model import NOTHING
from executor.rendering.renderer import Renderer
from executor.resources import spelled

from .ask import Asked, Row
from .bound import Bound
from .estimates import Needs, needs
from .kinds import MODES
from .statements import Sent, shown
from .waits import Wait, clocked, retried, together, worst

if TYPE_CHECKING:
    from .content import Checked, Statements

Said = Iterator[tuple[str, str]]


@dataclass(frozen=True)
class Seen:
    """All that the sentences are made of."""

    own: Renderer
    asked: Asked
    sent: Sequence[Sent]
    there: Statements
    back: Statements
    checked: Checked
    bound: Bound

    @property
    def subject(self) -> str:
        """The table that the plan is about; empty if it does not say."""
        return self.own.subject

    @property
    def table(self) -> Row | None:
        """What is known of that table."""
        return self.asked.subject

    @property
    def points(self) -> list[str]:
        """The steps from which on the table is another one."""
        return [step.name for step in self.own.plan.steps if step.turning_point]

    @property
    def keeps_old(self) -> bool:
        """Whether the plan keeps the table that it replaces, for a way back."""
        names = self.own.plan.names.keys()
        return names >= {"old", "back_log"} and bool(self.own.values.get("retention"))

    @cached_property
    def needs(self) -> Needs:
        """What it takes."""
        return needs(self.own, self.asked, self.sent)


def minute(seen: Seen) -> Said:
    """The first thing to read."""
    yield "Checks", _checks(seen)
    if table := seen.table:
        yield "Table", _table(seen.subject, table)
    if layout := _layout(seen):
        yield "Becomes", layout
    yield (
        "Longest wait of others, in one attempt",
        worst(seen.there.waits) or "none for what is there now",
    )
    if bounds := _bounds(seen):
        yield "Bounds", bounds
    if table:
        need = seen.needs
        short_of = need.disk.partition(" (")[0], need.wal.partition(",")[0], need.time
        yield "Takes", "; ".join(part.partition(";")[0] for part in short_of)
    yield "Way back", _way_back(seen)


def _checks(seen: Seen) -> str:
    many = Counter(finding.verdict for finding in seen.checked.findings)
    numbers = {
        level: f"{many[level]} {level}{'s' if many[level] > 1 and level != 'not known' else ''}"
        for level in ("error", "not known", "warning")
        if many[level]
    }
    if not numbers:
        return "nothing to object" if seen.checked.passed else "none was asked"
    errors = [f"{told}, at which the run stops" for told in [numbers.pop("error", "")] if told]
    others = [f"{', '.join(numbers.values())}, at which it does not"] if numbers else []
    return "; ".join(errors + others)


def _bounds(seen: Seen) -> str:
    """The values that are a time, by which locks are bounded, what they say, and which locks."""
    told = []
    for variable in seen.own.plan.variables:
        value = str(seen.own.values[variable.name])
        if re.fullmatch(r"\d+ ?(ms|s|min)", value):
            told.append(f"{variable.name} = {value}: {variable.description.rstrip('.')}")
    return "; ".join([*told, *clocked(seen.there.waits)])


def waited(seen: Seen) -> Said:
    """What is to be known of the longest waits."""
    found, waits = seen.there.waits, seen.own.plan.settings.get("lock_timeout")
    if not found:
        return
    limit = f" (lock_timeout, {waits})" if waits else ""
    yield (
        "How to read it",
        (
            f"step, wait + hold: so long at most it asks for its lock{limit}, while others queue"
            " behind it; so long it then holds it, to the end of its transaction, or gives up."
            " About: nothing limits it but the work, assumed as 1 ms a statement, none of which"
            " reads rows, and 10 ms a check"
        ),
    )
    if names := together(found):
        yield (
            "In one transaction",
            (
                f"{names}. A session that holds one and asks for another waits until the step's"
                " transaction ends or gives up"
            ),
        )
    for text in retried(seen.own.plan.steps, found):
        yield "Tried again", text
    yield (
        "Between two attempts",
        (
            "the transaction is rolled back whole, and nothing is locked. After the last one the"
            " run stops (exit code 5)"
        ),
    )


def _table(name: str, table: Row) -> str:
    form = f"partitioned by {table['partitioned_by']}, {table['partitions']} partitions"
    form = form if table["kind"] == "p" else "a plain table"
    hours = table["counted_for"] / 3600
    rate = f"; {count(table['written'] / hours)} rows written an hour" if hours >= 1 else ""
    return (
        f"{name}: about {count(table['rows'])} rows, {size(table['table_bytes'])} and"
        f" {size(table['index_bytes'])} of {table['indexes']} indexes, {form}, owned by"
        f" {table['owner']}{rate}"
    )


def _layout(seen: Seen) -> str:
    made = next((item for item in seen.sent if item.touched.partitioned), None)
    if made is None:
        return ""
    by = " ".join(made.text.rpartition("PARTITION BY")[2].split())
    parts = sum(i.times for i in seen.sent if i.touched.kind == "CREATE TABLE PARTITION OF")
    return f"a table partitioned by {by}, {count(parts)} partitions"


def _way_back(seen: Seen) -> str:
    plan = seen.own.plan
    lost = [step.name for step in plan.steps if step.irreversible]
    name = spelled(plan.path)
    if lost:
        return f"none after {lost[0]}; before that, executor rollback {name}"
    kept = seen.own.values.get("retention")
    until = f", as long as the old table is kept: {kept} at least" if kept else ""
    return f"executor rollback {name}, at any step{until}"


# -- what it takes


def resources(seen: Seen) -> Said:
    """What a run needs of the server."""
    server, need = seen.asked.server, seen.needs
    yield (
        "Connections",
        (
            f"{need.connections} ({need.workers} at work, and {need.connections - need.workers} for"
            f" the run itself); {server['free_connections']} are free"
        ),
    )
    if seen.table:
        yield "Disk", need.disk
        yield "WAL", need.wal
        yield "Time", need.time
    follow = [
        f"{server['replicas']} replica{'s' if server['replicas'] != 1 else ''}",
        f"{server['slots']} replication slot{'s' if server['slots'] != 1 else ''}",
        "archiving is on" if server["archiving"] else "no archiving",
    ]
    yield "Who receives the WAL", ", ".join(follow)
    conditions = [f"“{shown(condition.reason)}”" for condition in seen.own.throttle()]
    if conditions:
        yield "Makes way", f"it waits, without a lock, until this is so: {' and '.join(conditions)}"


# -- how to stop, and what then


def ways_on(seen: Seen) -> Said:
    """What can be done while it runs, and what happens if it does not come to its end."""
    plan, name = seen.own.plan, spelled(seen.own.plan.path)
    triggers = any(line.kind == "CREATE TRIGGER" for line in seen.there.existing)
    logging = ", and triggers go on logging what is written" if triggers else ""
    yield (
        "To stop it",
        (
            "Ctrl-C, or executor pause; the transaction at work is undone whole (a step, a batch,"
            f" or one item), what is committed stays{logging}, until it goes on or is rolled back"
        ),
    )
    if seen.points:
        yield (
            "To choose the moment",
            (
                f"executor run {name} --hold {seen.points[0]}: all is prepared and kept in step;"
                " executor resume lets it go on"
            ),
        )
    yield from _failures()
    undone = sum(step.rollback not in (None, NOTHING) for step in plan.steps)
    modes = {wait.relation: wait.mode for wait in sorted(seen.back.waits, key=_strength)}
    locked = ", ".join(name for name, mode in modes.items() if mode == MODES[-1])
    others = ", ".join(name for name, mode in modes.items() if mode != MODES[-1])
    longest = max((wait.together for wait in seen.back.waits), default=0.0)
    yield (
        "Rollback",
        (
            f"executor rollback {name}, last step first ({undone} of {len(plan.steps)} steps leave"
            " something to undo)"
            + (f"; it locks {locked} (ACCESS EXCLUSIVE)" if locked else "")
            + (f"; it keeps writers of {others} waiting" if others else "")
            + (f"; an attempt makes others wait {took(longest)} at most" if longest else "")
            + f". Its statements: executor render {name} --print-sql --rollback"
        ),
    )
    yield from _kept(seen)
    if lost := [f"{step.name}: {step.irreversible}" for step in plan.steps if step.irreversible]:
        yield "Can't be undone", "; ".join(lost)


def _strength(wait: Wait) -> int:
    return MODES.index(wait.mode)


def _kept(seen: Seen) -> Said:
    """Whether a rollback keeps what was written since, and until when there is one."""
    values = seen.own.values
    if not seen.keeps_old:
        return
    since = f" since {seen.points[0]}" if seen.points else ""
    yield (
        "Later writes",
        (
            f"are kept by a rollback, after days too: their keys{since} are logged in"
            f" {shown(str(values['back_log']))}, and every write is brought into the old table"
            " before that is put back; executor verify proves at any time that the old table has"
            " the same rows, with that log, and does not ask whether its keys can hold those"
            " written since"
        ),
    )
    yield (
        "The way back ends",
        (
            f"with executor backups cleanup, once {values['retention']} have passed (it drops"
            f" {shown(str(values['old']))} and the log; nothing does so by itself), or when"
            " somebody else drops them. It stops, and loses nothing, where the old table can't"
            " hold a later row or the table has got another column: the message says what to do"
        ),
    )


def _failures() -> Said:
    yield (
        "If a step fails, or the executor is killed",
        (
            "its transaction is rolled back, whole; executor run goes on at that step, executor"
            " rollback undoes what was done"
        ),
    )
    yield (
        "After a failover or a restore",
        (
            "run refuses to go on with a run of another timeline, until someone has made sure that"
            " no write was lost and says --accept-changed-server"
        ),
    )


# -- who may do what


def security(seen: Seen) -> Said:
    """Functions with the rights of their owner, grants, and who reads the rows."""
    made = [item.touched.defined for item in seen.sent if item.touched.defined]
    definers = dict.fromkeys(shown(str(name)) for name, definer in made if definer)
    yield (
        "Functions that run with their owner's rights (SECURITY DEFINER)",
        ", ".join(definers) or _none_seen(seen, "in the statements"),
    )
    lines = [*seen.there.existing, *seen.there.new]
    grants = [line for line in lines if line.kind in ("GRANT", "REVOKE")]
    told = "; ".join(f"{short(line.sql, 160)} {line.often}".strip() for line in grants[:8])
    more = f"; and {len(grants) - 8} more" if len(grants) > 8 else ""
    yield "Grants", told + more or _none_seen(seen, "in the statements")
    if seen.table:
        readers = "; ".join(f"{row['grantee']} ({row['privileges']})" for row in seen.asked.readers)
        yield (
            f"Who can use {seen.subject} now",
            f"{seen.table['owner']}, superusers" + (f", {readers}" if readers else ""),
        )
    copies = [shown(name) for name in seen.needs.copies]
    if copies:
        yield (
            "Copies of its rows",
            (
                f"{', '.join(copies)}: a new table can be read by its owner and superusers alone,"
                " and by pg_read_all_data, unless a grant named here says more"
            ),
        )
    if seen.keeps_old:
        yield (
            "The old table",
            "is kept under another name, for its owner alone; a rollback gives its grants back",
        )


def _none_seen(seen: Seen, where: str) -> str:
    blocks = sum(line.times for line in seen.there.blocks if not line.asks)
    return f"none {where}" + (
        f"; the {blocks} blocks in section 3 that do more than ask are not looked into"
        if blocks
        else ""
    )


# -- what is signed


_FACTS = (
    "rows, and what the facts do not hold; once a column, index, key, trigger, grant or view that"
    " they hold has come or gone, a run is refused"
)
_NOT_SAID: tuple[Any, ...] = (None, [], False, "")  # values


def signed(seen: Seen, version: str) -> Said:
    """What the signature is for."""
    server = seen.asked.server
    yield "Digest", f"{seen.bound.digest} (plan, templates, values and facts)"
    yield "Facts", f"{seen.own.facts.fingerprint} (of what the catalog says of the table)"
    yield (
        "Server",
        (
            f"PostgreSQL {server['version']}, system identifier {server['system_identifier']}:"
            f" database {seen.asked.where}; reviewed by executor {version}"
        ),
    )
    chosen = {n: value for n, value in seen.bound.values.items() if value not in _NOT_SAID}
    yield "Variables", ", ".join(f"{name} = {value}" for name, value in chosen.items())
    name = spelled(seen.own.plan.path)
    yield "The script, whose lines are named above", f"executor render {name} --print-sql"
    yield (
        "What may change until then",
        _FACTS if seen.own.plan.facts else "all: the plan has no facts",
    )
    yield (
        "Runs only this",
        f"executor run {name} --expect {seen.bound.digest}{_given(seen)}",
    )


def _given(seen: Seen) -> str:
    chosen: dict[str, Any] = dict(seen.bound.values)
    plan = {variable.name: variable.default for variable in seen.own.plan.variables}
    names = [name for name in chosen if name in plan and str(plan[name]) != str(chosen[name])]
    return "".join(f" --var {name}={chosen[name]}" for name in names if not _made(plan[name]))


def _made(default: Any) -> bool:
    return isinstance(default, str) and "{{" in default
