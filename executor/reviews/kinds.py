"""Which kind of statement takes which lock: the one table of it. Pure.

From PostgreSQL's documentation ("Explicit Locking", and the pages of the statements); every kind is
executed by tests/integration/reviews/test_locks.py, which compares it with pg_locks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Mode = Literal[
    "ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE", "SHARE UPDATE EXCLUSIVE",
    "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE",
]  # fmt: skip

#: every mode, the weakest first, and who waits as long as somebody holds it (and queues behind
#: whoever waits for it)
WAITS: Mapping[Mode, str] = {
    "ACCESS SHARE": "only DROP, TRUNCATE, most of ALTER TABLE",
    "ROW SHARE": "only DROP, TRUNCATE, most of ALTER TABLE, REFRESH … CONCURRENTLY",
    "ROW EXCLUSIVE": "index builds, new triggers and keys",
    "SHARE UPDATE EXCLUSIVE": "VACUUM, ANALYZE, index builds, DDL",
    "SHARE": "writers, VACUUM, DDL",
    "SHARE ROW EXCLUSIVE": "writers, VACUUM, DDL",
    "EXCLUSIVE": "all but plain SELECT",
    "ACCESS EXCLUSIVE": "everybody, readers too",
}
MODES: tuple[Mode, ...] = tuple(WAITS)

#: which modes wait for one, by the documentation's table of conflicts
CONFLICTS: Mapping[Mode, tuple[Mode, ...]] = {
    "ACCESS SHARE": MODES[7:],
    "ROW SHARE": MODES[6:],
    "ROW EXCLUSIVE": MODES[4:],
    "SHARE UPDATE EXCLUSIVE": MODES[3:],
    "SHARE": (*MODES[2:4], *MODES[5:]),
    "SHARE ROW EXCLUSIVE": MODES[2:],
    "EXCLUSIVE": MODES[1:],
    "ACCESS EXCLUSIVE": MODES,
}

Role = Literal[
    "on",  # what the statement is about
    "read",  # what its queries read
    "locked",  # what its queries lock rows of
    "written",  # what its WITH writes to
    "referenced",  # what its foreign keys refer to
    "partition",  # what is attached or detached
    "parent",  # what a new table becomes a child of
    "like",  # what a new table is made like
    "owner",  # the table of a sequence's column
    "key",  # what a foreign key refers to that it drops or validates, and names itself alone
    "table of",  # the table of the index that it is about, which the statement doesn't name
]


@dataclass(frozen=True, slots=True)
class Kind:
    """The locks that a statement takes, by the role in which it names a relation."""

    locks: Mapping[Role, Mode]
    before: Mapping[int, Mapping[Role, Mode]] | None = None  # on versions before this one
    new: bool = False  # `on` is made by it, so that nobody can wait for that
    also: str = ""  # what is locked beside, which only the catalog can say

    def on_version(self, version: int) -> Mapping[Role, Mode]:
        """The locks on a server of this major version."""
        for limit, locks in sorted((self.before or {}).items()):
            if version < limit:
                return locks
        return self.locks


def _alone(also: str = "") -> Kind:
    return Kind({"on": "ACCESS EXCLUSIVE"}, also=also)


CHILDREN = "its partitions likewise"
_NONE = Kind({})
_GRANT = Kind({"on": "ACCESS SHARE"}, before={18: {}})
_VACUUM = Kind({"on": "SHARE UPDATE EXCLUSIVE"}, also=CHILDREN)
_WRITE = Kind(
    {
        "on": "ROW EXCLUSIVE",
        "read": "ACCESS SHARE",
        "locked": "ROW SHARE",
        "written": "ROW EXCLUSIVE",
    },
    also="its indexes likewise; a foreign key takes ROW SHARE on what it refers to",
)

KINDS: Mapping[str, Kind] = {
    # -- rows
    "SELECT": Kind({"read": "ACCESS SHARE", "locked": "ROW SHARE", "written": "ROW EXCLUSIVE"}),
    "INSERT": _WRITE,
    "UPDATE": _WRITE,
    "DELETE": _WRITE,
    "MERGE": _WRITE,
    "COPY FROM": Kind({"on": "ROW EXCLUSIVE"}),
    "COPY TO": Kind({"read": "ACCESS SHARE"}),
    "TRUNCATE": _alone(CHILDREN),
    "LOCK TABLE": Kind({}, also=CHILDREN),  # it says its mode itself
    # -- whole tables
    "CREATE TABLE": Kind(
        {
            "on": "ACCESS EXCLUSIVE",
            "parent": "SHARE UPDATE EXCLUSIVE",
            "like": "ACCESS SHARE",
            "referenced": "SHARE ROW EXCLUSIVE",
        },
        new=True,
    ),
    "CREATE TABLE PARTITION OF": Kind(
        {
            "on": "ACCESS EXCLUSIVE",
            "parent": "ACCESS EXCLUSIVE",
            "referenced": "SHARE ROW EXCLUSIVE",
        },
        new=True,
    ),
    "CREATE TABLE AS": Kind({"on": "ACCESS EXCLUSIVE", "read": "ACCESS SHARE"}, new=True),
    "DROP TABLE": _alone("what its foreign keys refer to, and what it is a partition of"),
    "RENAME TABLE": _alone(),
    "SET SCHEMA": _alone(),
    # -- ALTER TABLE
    "ADD COLUMN": Kind({"on": "ACCESS EXCLUSIVE", "referenced": "SHARE ROW EXCLUSIVE"}),
    "DROP COLUMN": _alone(CHILDREN),
    "RENAME COLUMN": _alone(CHILDREN),
    "ALTER COLUMN TYPE": _alone(CHILDREN),
    "SET DEFAULT": _alone(CHILDREN),
    "SET NOT NULL": _alone(CHILDREN),
    "DROP NOT NULL": _alone(CHILDREN),
    "SET STORAGE": _alone(CHILDREN),
    "SET COMPRESSION": _alone(CHILDREN),
    "IDENTITY": _alone(CHILDREN),
    "DROP EXPRESSION": _alone(CHILDREN),
    "SET STATISTICS": Kind({"on": "SHARE UPDATE EXCLUSIVE"}, also=CHILDREN),
    "SET (column options)": Kind({"on": "SHARE UPDATE EXCLUSIVE"}),
    "ADD CONSTRAINT": _alone(CHILDREN),
    "ADD CONSTRAINT NOT VALID": _alone(CHILDREN),
    "ADD CONSTRAINT USING INDEX": _alone(),
    "ADD FOREIGN KEY": Kind(
        # ACCESS EXCLUSIVE where it adopts keys that partitions have: see Origins.adopts
        {"on": "SHARE ROW EXCLUSIVE", "referenced": "SHARE ROW EXCLUSIVE"}
    ),
    "ADD FOREIGN KEY NOT VALID": Kind(
        {"on": "SHARE ROW EXCLUSIVE", "referenced": "SHARE ROW EXCLUSIVE"}
    ),
    "VALIDATE CONSTRAINT": Kind({"on": "SHARE UPDATE EXCLUSIVE", "key": "ROW SHARE"}),
    "DROP CONSTRAINT": Kind({"on": "ACCESS EXCLUSIVE", "key": "ACCESS EXCLUSIVE"}),
    "RENAME CONSTRAINT": _alone(),
    "ALTER CONSTRAINT": _alone("what a foreign key refers to"),
    "ENABLE TRIGGER": Kind({"on": "SHARE ROW EXCLUSIVE"}),
    "ENABLE RULE": _alone(),
    "ROW LEVEL SECURITY": _alone(),
    "REPLICA IDENTITY": _alone(),
    "OWNER": _alone("the sequences that it owns"),
    "SET TABLESPACE": _alone(),
    "SET LOGGED": _alone(),
    "SET ACCESS METHOD": _alone(),
    "SET (storage parameters)": Kind({"on": "SHARE UPDATE EXCLUSIVE"}),
    "SET (options of a view)": _alone(),
    "CLUSTER ON": Kind({"on": "SHARE UPDATE EXCLUSIVE"}),
    "INHERIT": Kind({"on": "ACCESS EXCLUSIVE", "parent": "SHARE UPDATE EXCLUSIVE"}),
    "NO INHERIT": Kind({"on": "ACCESS EXCLUSIVE", "parent": "ACCESS SHARE"}),
    "ATTACH PARTITION": Kind(
        {"on": "SHARE UPDATE EXCLUSIVE", "partition": "ACCESS EXCLUSIVE"},
        also="ACCESS EXCLUSIVE on the default partition, if there is one",
    ),
    "DETACH PARTITION": Kind({"on": "ACCESS EXCLUSIVE", "partition": "ACCESS EXCLUSIVE"}),
    "DETACH PARTITION CONCURRENTLY": Kind(
        {"on": "SHARE UPDATE EXCLUSIVE", "partition": "SHARE UPDATE EXCLUSIVE"},
        also="ACCESS EXCLUSIVE on the partition at the end",
    ),
    # -- indexes
    "CREATE INDEX": Kind({"on": "SHARE"}, also=CHILDREN),
    "CREATE INDEX CONCURRENTLY": Kind({"on": "SHARE UPDATE EXCLUSIVE"}),
    "RENAME INDEX": Kind({"on": "SHARE UPDATE EXCLUSIVE"}),
    "ALTER INDEX ATTACH PARTITION": Kind(
        {"on": "SHARE UPDATE EXCLUSIVE", "partition": "ACCESS EXCLUSIVE"}
    ),
    "ALTER INDEX SET STATISTICS": Kind({"on": "SHARE UPDATE EXCLUSIVE"}),
    "ALTER INDEX SET": Kind({"on": "SHARE UPDATE EXCLUSIVE"}),
    "DROP INDEX": Kind({"on": "ACCESS EXCLUSIVE", "table of": "ACCESS EXCLUSIVE"}),
    "DROP INDEX CONCURRENTLY": Kind(
        {"on": "SHARE UPDATE EXCLUSIVE", "table of": "SHARE UPDATE EXCLUSIVE"}
    ),
    "REINDEX TABLE": Kind({"on": "SHARE"}, also="ACCESS EXCLUSIVE on its indexes"),
    "REINDEX INDEX": Kind({"on": "ACCESS EXCLUSIVE", "table of": "SHARE"}),
    "REINDEX CONCURRENTLY": Kind({"on": "SHARE UPDATE EXCLUSIVE"}),
    "CLUSTER": _alone(),
    # -- triggers, rules, policies
    "CREATE TRIGGER": Kind({"on": "SHARE ROW EXCLUSIVE"}, also=CHILDREN),
    "ALTER TRIGGER": _alone(CHILDREN),
    "DROP TRIGGER": _alone(CHILDREN),
    "CREATE RULE": _alone(),
    "ALTER RULE": _alone(),
    "DROP RULE": _alone(),
    "CREATE POLICY": _alone(),
    "ALTER POLICY": _alone(),
    "DROP POLICY": _alone(),
    # -- views and sequences
    "CREATE VIEW": Kind({"on": "ACCESS EXCLUSIVE", "read": "ACCESS SHARE"}, new=True),
    "CREATE OR REPLACE VIEW": Kind({"on": "ACCESS EXCLUSIVE", "read": "ACCESS SHARE"}),
    "CREATE MATERIALIZED VIEW": Kind({"on": "ACCESS EXCLUSIVE", "read": "ACCESS SHARE"}, new=True),
    "REFRESH MATERIALIZED VIEW": _alone("ACCESS SHARE on what it reads"),
    "REFRESH MATERIALIZED VIEW CONCURRENTLY": Kind(
        {"on": "EXCLUSIVE"}, also="ACCESS SHARE on what it reads"
    ),
    "DROP VIEW": _alone(),
    "DROP MATERIALIZED VIEW": _alone(),
    "CREATE SEQUENCE": Kind({"on": "ACCESS EXCLUSIVE", "owner": "ACCESS SHARE"}, new=True),
    "ALTER SEQUENCE": Kind({"on": "SHARE ROW EXCLUSIVE", "owner": "ACCESS SHARE"}),
    "DROP SEQUENCE": _alone(),
    # -- the planner, VACUUM
    "ANALYZE": _VACUUM,
    "VACUUM": _VACUUM,
    "VACUUM FULL": _alone(CHILDREN),
    "CREATE STATISTICS": Kind({"on": "SHARE UPDATE EXCLUSIVE"}),
    # -- what is said of a table, and who may use it
    "COMMENT ON TABLE": Kind({"on": "SHARE UPDATE EXCLUSIVE"}),
    "COMMENT ON COLUMN": Kind({"on": "SHARE UPDATE EXCLUSIVE"}),
    "COMMENT ON INDEX": Kind({"on": "SHARE UPDATE EXCLUSIVE"}),
    "COMMENT ON CONSTRAINT": Kind({"on": "ACCESS SHARE"}),
    "COMMENT ON TRIGGER": Kind({"on": "ACCESS SHARE"}),
    "GRANT": _GRANT,
    "REVOKE": _GRANT,
    "CREATE PUBLICATION": Kind({"on": "SHARE UPDATE EXCLUSIVE"}),
    "ALTER PUBLICATION": Kind({"on": "SHARE UPDATE EXCLUSIVE"}),
    # -- what has no relation in it
    "CREATE FUNCTION": _NONE,
    "SET": _NONE,
    "other": _NONE,
}
