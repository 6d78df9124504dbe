"""What a client waits for a statement: what is known of that, and an estimate of the rest. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

#: Milliseconds that neither the planner's cost nor its time has: to receive, parse and answer a
#: statement at all, and to begin and end with a table or an index.
_OF_STATEMENT, _OF_LOCK = 0.12, 0.0015
#: Milliseconds of a unit of the planner's cost where nobody knows how long the statement takes:
#: less for pages that are cached (0.1 us), more for what computes or reads from a disk (6 us).
_OF_COST = 0.0003
#: So many times that takes a unit of the cost to read a table whole: the rows of each page are
#: looked at, where the cost by an index is mostly that of pages, which are cached.
_WHOLE = 6.0
#: Milliseconds to send a byte of an answer, and to read it.
_OF_BYTE = 1.5e-6
#: Milliseconds to open one of several partitions that may be written to, with its indexes.
_OF_TARGET = 0.015
#: Milliseconds to write a row with some indexes, of which the planner's cost has nothing.
_OF_ROW = {"Insert": 0.05, "Update": 0.05, "Merge": 0.05, "Delete": 0.01}


@dataclass(frozen=True, slots=True)
class Explained:
    """What the planner makes of a statement, and how long that took it."""

    cost: float
    partitions: int
    locks: int
    scans: Sequence[str]
    planning: float = 0.0  # milliseconds
    found: float = 0.0  # rows of the table that it expects to look at
    by_index: float = 0.0  # how much of the cost is to find them by an index
    whole: float = 0.0  # how much of it is to read tables whole
    written: float = 0.0  # milliseconds to write the rows that it expects to write
    sent: float = 0.0  # milliseconds to send those that it expects to answer
    opened: float = 0.0  # milliseconds to open the partitions that it may write to
    ms: float | None = None  # with --analyze: to plan and run it

    @classmethod
    def of(
        cls,
        plan: Mapping[str, Any],
        locks: int,
        tables: Collection[str],
        leaves: Collection[str],
        *,
        generic: bool = False,
    ) -> Self:
        """Of EXPLAIN's JSON, for one of the tables with these partitions.

        ``generic``: it was planned for any values. With one, partitions are left out earlier.
        """
        nodes = list(_nodes(plan["Plan"]))
        scans = [(node, loops) for node, loops in nodes if node.get("Relation Name") in tables]
        scans = [(node, loops) for node, loops in scans if node["Node Type"] != "ModifyTable"]
        touched = {node["Relation Name"] for node, _ in nodes if "Relation Name" in node}
        left_out = sum(node.get("Subplans Removed", 0) for node, _ in nodes)
        number, share = len(touched & set(leaves)), 1.0
        if left_out:  # by a value that is not known yet
            share = max(number, 1) / (number + left_out)
            number = max(number, 1)
        by_index = sum(
            n["Total Cost"] * loops for n, loops in scans if n["Node Type"] != "Seq Scan"
        )
        return cls(
            cost=plan["Plan"]["Total Cost"] * share,
            partitions=number,
            locks=round(locks * share),
            scans=sorted({node["Node Type"] for node, _ in scans}),
            planning=plan["Planning Time"] * (share if generic else 1.0),
            found=sum(node["Plan Rows"] * loops for node, loops in scans) * share,
            by_index=by_index * share,
            whole=sum(n["Total Cost"] * loops for n, loops in nodes if n["Node Type"] == "Seq Scan")
            * share,
            written=sum(map(_written, (node for node, _ in nodes))),
            sent=_OF_BYTE * plan["Plan"]["Plan Rows"] * plan["Plan"]["Plan Width"],
            opened=_OF_TARGET * sum(len(node.get("Target Tables", ())) for node, _ in nodes),
        )

    @property
    def work(self) -> float:
        """Its cost in units that take equally long."""
        return self.cost + (_WHOLE - 1) * self.whole

    def work_to_find(self, found: float) -> float:
        """The same, if it finds so many rows.

        The same statement finds the same rows in both tables. Where more are expected of
        partitions, the planner thinks that each value stands in all of them.
        """
        if found >= self.found:
            return self.work
        return self.work - self.by_index * (1 - found / self.found)


def efforts(
    before: Explained, plans: Sequence[Explained], known: float | None = None
) -> list[float]:
    """Milliseconds for each plan of a statement that the server knows to take so long, if it does.

    What that is more than the cost explains is the same with each plan: rows that are computed,
    written or sent. Such a statement's cost takes longer, too, unless it is hardly any.
    """
    of_cost, besides = _OF_COST, before.written + before.sent
    if known:
        anyhow = 0.0 if known < _OF_COST * before.work else _OF_STATEMENT / _OF_COST
        of_cost = known / (before.work + anyhow)
        if anyhow:
            of_cost = max(of_cost, _OF_COST)
        besides = known - of_cost * before.work
    found = []
    for plan in plans:
        work = max(plan.work_to_find(before.found), min(plan.work, before.work))
        to_begin = plan.planning + _OF_LOCK * plan.locks + plan.opened
        estimate = to_begin + of_cost * work + besides
        taken = estimate if plan.ms is None else plan.ms + before.sent
        found.append(_OF_STATEMENT + taken)
    return found


def _nodes(
    plan: Mapping[str, Any], loops: float = 1.0
) -> Iterator[tuple[Mapping[str, Any], float]]:
    """The nodes of a plan, and how often the planner expects each to be done."""
    yield plan, loops
    below = plan.get("Plans", ())
    outer = sum(node["Plan Rows"] for node in below if node["Parent Relationship"] == "Outer")
    for node in below:
        again = plan["Node Type"] == "Nested Loop" and node["Parent Relationship"] == "Inner"
        yield from _nodes(
            node, loops * outer if again and node["Node Type"] != "Memoize" else loops
        )


def _written(node: Mapping[str, Any]) -> float:
    if node["Node Type"] != "ModifyTable":
        return 0.0
    return _OF_ROW.get(node["Operation"], 0.0) * float(node["Plans"][0]["Plan Rows"])
