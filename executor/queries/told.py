"""What was found of statements, as findings of an assertion, lines for people, and JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from executor.database.queries import Queries
from executor.events import Finding
from executor.formats import counted
from executor.plan.model import Assertion
from executor.rendering.renderer import Renderer
from executor.templating.names import Name, table_name

from .compare import Bounds, Compared, Found, compare

KIND = "no_regression"
_SHOWN = 20  # statements that the findings name
_WIDTH = 100  # characters of a statement that are shown in a line


def bounds(renderer: Renderer, assertion: Assertion) -> Bounds:
    """What a plan says of its statements."""
    given = renderer.templates.value(assertion.arguments, renderer.values)
    sql = assertion.arguments.get("sql")
    left, right = (
        given[side] if isinstance(given[side], Name) else table_name(str(given[side]))
        for side in ("left", "right")
    )
    return Bounds(
        left=left,
        right=right,
        lookup=renderer.condition(sql) if sql else "",
        max_ratio=float(given["max_ratio"]),
        max_partitions=given["max_partitions"],
        accept=tuple(given["accept"]),
    )


def ours(renderer: Renderer) -> list[Name]:
    """The tables that a plan makes: what names one is no statement of the application."""
    return [value for value in renderer.values.values() if isinstance(value, Name)]


def findings(queries: Queries, renderer: Renderer, assertion: Assertion) -> Iterator[Finding]:
    """One of all statements, and one of each that will be slower or fail."""
    found = compare(queries, bounds(renderer, assertion), ours=ours(renderer))
    wrong = found.of("fails", "differs", "slower")
    subject = f"statements that name {found.bounds.left}"
    yield Finding(subject, "as fast as before", summary(found), not wrong)
    for item in wrong[:_SHOWN]:
        ms = f", {item.statement.ms:.2f} ms" if item.statement.ms is not None else ""
        name = f"query {item.statement.id} ({item.statement.calls:,} calls{ms})"
        parts = "; ".join(change(item, found.bounds.left))
        said = f"{parts}: {shown(item.statement.text)}"
        yield Finding(name, f"at most {found.bounds.max_ratio:g} times", said, passed=False)
    if len(wrong) > _SHOWN:
        more = f"and {len(wrong) - _SHOWN} more; `executor queries` shows all"
        yield Finding(subject, "as fast as before", more, passed=False)


def summary(found: Found) -> str:
    """One sentence of all statements, and what could not be looked at."""
    total, wrong = len(found.compared), found.of("fails", "differs", "slower")
    parts = []
    if wrong:
        calls = sum(item.statement.calls for item in wrong)
        every = max(sum(item.statement.calls for item in found.compared), 1)
        parts.append(
            f"{len(wrong)} of {counted(total, 'statement')},"
            f" {calls / every * 100:.0f} % of the calls,"
            f" {_counted(found)}"
        )
    elif total:
        parts.append(f"{counted(total, 'statement')}, none of them much slower")
    elif not found.workload.said:
        parts.append(f"{found.workload.origin} knows no statement that names the table")
    if unasked := len(found.of("not asked")):
        parts.append(f"{unasked} could not be explained")
    if presumed := sum(item.statement.presumed for item in found.compared):
        parts.append(f"{presumed} of these taken for {_presumed(found.bounds.left)}")
    return "; ".join([*parts, *filter(None, [found.workload.said])])


def _presumed(left: Name) -> str:
    return f"{left}: the role's search_path does not say which {left.name} is meant"


def _counted(found: Found) -> str:
    """What happens to the statements, the most of them first."""
    many = [item for item in found.of("slower") if item.after and item.after.partitions > 1]
    most = max((item.after.partitions for item in many if item.after), default=0)
    same = len({item.after.partitions for item in many if item.after}) == 1
    kinds = {
        f"will look into {'' if same else 'up to '}{most} partitions": len(many),
        "will be slower": len(found.of("slower")) - len(many),
        "will fail": len(found.of("fails")),
        "will mean something else": len(found.of("differs")),
    }
    told = [(what, number) for what, number in kinds.items() if number]
    if len(told) == 1:
        return told[0][0]
    return ", ".join(f"{number} {what}" for what, number in told)


def change(item: Compared, left: Name) -> Iterator[str]:
    """What becomes of one statement, in short parts."""
    if item.statement.presumed:
        yield f"taken for {_presumed(left)}"
    if item.why:
        yield item.why
    before, after = item.before, item.after
    if before and after and item.ratio is not None:
        yield f"{item.ratio:.1f} times the effort"
        yield f"partitions {after.partitions}" + (
            f", before {before.partitions}" if before.partitions else ""
        )
        yield f"locks {before.locks} -> {after.locks}"
        yield f"{' + '.join(before.scans) or 'no scan'} -> {' + '.join(after.scans) or 'no scan'}"
        yield f"cost {before.cost:.1f} -> {after.cost:.1f}"
        yield f"planned in {before.planning:.2f} -> {after.planning:.2f} ms"
        if before.ms is not None and after.ms is not None:
            yield f"{before.ms:.2f} -> {after.ms:.2f} ms"
    if item.advised:
        ms = f", {item.advised.ms:.2f} ms" if item.advised.ms is not None else ""
        yield (
            f"with AND {item.add}: partitions {item.advised.partitions},"
            f" locks {item.advised.locks}, cost {item.advised.cost:.1f}{ms}"
        )


def shown(text: str) -> str:
    """A statement in one line."""
    line = " ".join(text.split())
    return line if len(line) <= _WIDTH else f"{line[: _WIDTH - 3]}..."


_MARKS = {
    "fails": "FAILS",
    "differs": "DIFFERS",
    "slower": "SLOWER",
    "accepted": "accepted",
    "not asked": "not asked",
    "same": "ok",
}


def lines(found: Found) -> Iterator[str]:
    """The page: the worst first."""
    yield f"{found.bounds.right} beside {found.bounds.left}: {summary(found)}"
    if found.others:
        others = counted(found.others, "statement")
        one = "s" if found.others == 1 else ""
        yield f"{others} of {found.workload.origin} name{one} another table"
    order = list(_MARKS)
    for item in sorted(found.compared, key=lambda c: (order.index(c.outcome), -(c.ratio or 0))):
        statement = item.statement
        calls = f", {statement.calls:,} calls" if statement.calls > 1 else ""
        ms = f" of {statement.ms:.2f} ms" if statement.ms is not None else ""
        yield ""
        yield f"{_MARKS[item.outcome]:<9} {statement.id}{calls}{ms}: {shown(statement.text)}"
        yield from (f"          {part}" for part in change(item, found.bounds.left))


def record(found: Found) -> dict[str, Any]:
    """The same for machines."""
    return {
        "event": "Queries",
        "left": str(found.bounds.left),
        "right": str(found.bounds.right),
        "origin": found.workload.origin,
        "message": summary(found),
        "statements": [_record(item) for item in found.compared],
    }


def _record(item: Compared) -> dict[str, Any]:
    sides = {"before": item.before, "after": item.after, "advised": item.advised}
    return {
        "id": item.statement.id,
        "query": item.statement.text,
        "calls": item.statement.calls,
        "mean_ms": item.statement.ms,
        "outcome": item.outcome,
        "presumed": item.statement.presumed,
        "why": item.why,
        "ratio": item.ratio,
        "add": item.add,
        **{
            name: side
            and {
                "cost": side.cost,
                "partitions": side.partitions,
                "locks": side.locks,
                "scans": list(side.scans),
                "planning_ms": side.planning,
                "ms": side.ms,
            }
            for name, side in sides.items()
        },
    }
