"""The sentences of a review: what is at stake, what it takes, and how to get out of it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from executor.formats import count, short, size
from executor.plan.model import NOTHING
from executor.rendering.renderer import Renderer
from executor.resources import spelled

from .ask import Asked, Row
from .bound import Bound
from .estimates import Needs, needs
from .kinds import MODES, Mode
from .statements import Sent, shown

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

    @cached_property
    def needs(self) -> Needs:
        """What it takes."""
        return needs(self.own, self.asked, self.sent)


def minute(seen: Seen) -> Said:
    """The first thing to read."""
    plan, table = seen.own.plan, seen.table
    if table:
        yield "Table", _table(seen.subject, table)
    if layout := _layout(seen):
        yield "Becomes", layout
    yield "Is locked", _locked(seen, seen.there) or "nothing that was there before"
    waits = plan.settings.get("lock_timeout")
    if waits:
        yield (
            "Waiting for a lock",
            (
                f"at most {waits} for each (lock_timeout), then it lets go and tries again; whoever"
                " queues behind it waits so long, and then as long as the lock is held"
            ),
        )
    if bounds := _bounds(seen):
        yield "Holding a lock, and other bounds", bounds
    if table:
        yield "Disk and WAL", seen.needs.disk_and_wal
        yield "Takes", seen.needs.time
    yield "Way back", _way_back(seen)
    levels = [finding.verdict for finding in seen.checked.findings]
    numbers = [
        f"{many} {level}{'s' if many > 1 and level != 'not known' else ''}"
        for level in ("error", "not known", "warning")
        if (many := levels.count(level))
    ]
    stop = "; the run would stop at them" if "error" in levels else ""
    yield "Checks", (", ".join(numbers) or "nothing to object") + stop


def _bounds(seen: Seen) -> str:
    """The values that are a time, which is what locks are bounded by, and what they say."""
    told = []
    for variable in seen.own.plan.variables:
        value = str(seen.own.values[variable.name])
        if re.fullmatch(r"\d+ ?(ms|s|min)", value):
            told.append(f"{variable.name} = {value}: {variable.description.rstrip('.')}")
    return "; ".join(told)


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


def _locked(seen: Seen, found: Statements) -> str:
    """The strongest lock on each relation but indexes and sequences, and the steps that take it."""
    objects = seen.asked.objects.values()
    smaller = {str(known.relation) for known in objects if known.kind in ("i", "I", "S")}
    steps: dict[str, dict[Mode, list[str]]] = {}
    for line in found.existing:
        for lock in line.locks:
            if lock.mode != MODES[0]:
                steps.setdefault(lock.relation, {}).setdefault(lock.mode, []).append(line.step)
    told = []
    for relation, modes in steps.items():
        if relation in smaller:
            continue
        mode = max(modes, key=MODES.index)
        told.append((relation, mode, dict.fromkeys(modes[mode])))
    told.sort(key=lambda item: (item[0] != seen.subject, -MODES.index(item[1]), item[0]))
    return "; ".join(f"{relation}: {mode} ({', '.join(names)})" for relation, mode, names in told)


def _way_back(seen: Seen) -> str:
    plan = seen.own.plan
    lost = [step.name for step in plan.steps if step.irreversible]
    name = spelled(plan.path)
    if lost:
        return f"none after {lost[0]}; before that, executor rollback {name}"
    kept = seen.own.values.get("retention")
    until = f", as long as the old table is kept ({kept})" if kept else ""
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
    conditions = [shown(condition.reason).rstrip(".") for condition in seen.own.throttle()]
    if conditions:
        yield "Makes way", f"it waits, without a lock, until this is so: {'; '.join(conditions)}"


# -- how to stop, and what then


def ways_on(seen: Seen) -> Said:
    """What can be done while it runs, and what happens if it does not come to its end."""
    plan, name = seen.own.plan, spelled(seen.own.plan.path)
    yield (
        "To stop it",
        (
            "Ctrl-C, or executor pause; the step at work is undone whole, steps that are done stay,"
            " and triggers go on logging what is written, until it goes on or is rolled back"
        ),
    )
    points = [step.name for step in plan.steps if step.turning_point]
    if points:
        yield (
            "To choose the moment",
            (
                f"executor run {name} --hold {points[0]}: all is prepared and kept in step;"
                " executor resume lets it go on"
            ),
        )
    yield from _failures()
    undone = sum(step.rollback not in (None, NOTHING) for step in plan.steps)
    locked = _locked(seen, seen.back)
    yield (
        "Rollback",
        (
            f"executor rollback {name}, last step first ({undone} of {len(plan.steps)} steps leave"
            f" something to undo){'; it locks ' + locked if locked else ''}"
        ),
    )
    if lost := [f"{step.name}: {step.irreversible}" for step in plan.steps if step.irreversible]:
        yield "Can't be undone", "; ".join(lost)


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
        ", ".join(definers) or _none_seen(seen, "made by a statement that can be read here"),
    )
    lines = [*seen.there.existing, *seen.there.new]
    grants = [line for line in lines if line.kind in ("GRANT", "REVOKE")]
    told = "; ".join(f"{short(line.sql, 160)} {line.often}".strip() for line in grants[:8])
    more = f"; and {len(grants) - 8} more" if len(grants) > 8 else ""
    yield "Grants", told + more or _none_seen(seen, "in a statement that can be read here")
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
                " and by pg_read_all_data, unless a GRANT above says more"
            ),
        )
    yield (
        "The old table",
        "is kept with its rows under another name; what is granted or revoked there stands above",
    )


def _none_seen(seen: Seen, where: str) -> str:
    blocks = sum(line.times for line in seen.there.blocks)
    return f"none {where}" + (f"; {blocks} blocks are listed apart" if blocks else "")


# -- what is signed


def signed(seen: Seen, version: str) -> Said:
    """What the signature is for."""
    server = seen.asked.server
    yield "Digest of plan, templates, values and facts", seen.bound.digest
    yield "Fingerprint of the facts", seen.own.facts.fingerprint
    yield "Made by", f"executor {version} on PostgreSQL {server['version']}, {seen.asked.where}"
    yield (
        "Runs only this",
        f"executor run {spelled(seen.own.plan.path)} --expect {seen.bound.digest}{_given(seen)}",
    )


def _given(seen: Seen) -> str:
    chosen: dict[str, Any] = dict(seen.bound.values)
    plan = {variable.name: variable.default for variable in seen.own.plan.variables}
    names = [name for name in chosen if name in plan and str(plan[name]) != str(chosen[name])]
    return "".join(f" --var {name}={chosen[name]}" for name in names if not _made(plan[name]))


def _made(default: Any) -> bool:
    return isinstance(default, str) and "{{" in default
