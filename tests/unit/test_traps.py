"""Traps that the plan avoids by what its SQL does not say: each test names its traps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from executor.plan.loader import load
from executor.plan.model import Retry, Step

ROOT = Path(__file__).parents[2]
FILES = sorted([*ROOT.glob("sql/repartition/**/*.sql"), *ROOT.glob("sql/tables/*.sql")])
#: without comments: of SQL, and of the templates
TEXTS = {
    str(file.relative_to(ROOT / "sql")): re.sub(
        r"--[^\n]*|\{##.*?##\}", "", file.read_text(encoding="utf-8"), flags=re.DOTALL
    )
    for file in FILES
}
PLANS = [ROOT / "plans/chunks_100_partitions.yaml"]
PLANS += [
    path
    for path in (ROOT / "plans/alternatives").glob("*.yaml")
    if "\nextends: " in path.read_text()
]


def steps(plan: Path) -> dict[str, Step]:
    """The steps of a plan by name, in order."""
    return {step.name: step for step in load(plan).plan.steps}


NEVER = {
    "batches by OFFSET, which miss rows when others are deleted": (r"\bOFFSET\s+[^0]", ()),
    "rows locked against the application": (
        r"\bFOR (SHARE|UPDATE|KEY SHARE|NO KEY UPDATE)\b",
        # by the application itself, as a foreign key does it
        ("repartition/incoming_keys/check_function.sql", "repartition/incoming_keys/keep_function.sql"),
    ),
    "a conflict that hides another": (r"ON CONFLICT", ("repartition/check/queries.sql", "repartition/check/upserts.sql", "repartition/check/named.sql")),
    "new values of identity columns": (r"OVERRIDING USER VALUE", ()),
    # in a file that the transaction has made, which a test of sequences proves
    "a sequence set outside of the transaction": (r"\bsetval\(", ("repartition/swap/sequences.sql",)),
    "a partition for the rest": (r"PARTITION OF [^;]*\bDEFAULT\b", ()),
    "rows moved, not copied": (r"DELETE FROM \{\{ source \| ident \}\}(?!\.)", ()),
    "a table that a crash empties": (r"\bUNLOGGED\b", ()),
    "a drop of all that hangs on it": (r"\bDROP [^;]*\bCASCADE\b", ()),
    "an object of the same name taken for ours": (r"\bIF NOT EXISTS (?!\()", ()),
    "a table dropped because of its name": (
        r"DROP TABLE IF EXISTS (?!\{\{ (log|back_log) )",
        # the run has made it, and what a rollback begins with says so if it is gone
        ("repartition/target/drop.sql", "repartition/target/drop_partition.sql"),
    ),
    "triggers put to sleep": (r"SET[^;]*session_replication_role", ()),
    "the end of a transaction": (r"\b(COMMIT|ROLLBACK)\s*;", ()),
    "a replication slot, which keeps WAL": (r"replication_slot|logical_decoding", ("repartition/check/subscribers.sql",)),
    "counters of four bytes": (r"\b(small|big)?serial\b|\bint(eger)? :=", ("tables/definition.sql",)),
    "sessions of others ended": (r"pg_(terminate|cancel)_backend", ()),
    "CONCURRENTLY, which leaves halves behind": (
        r"\b(CREATE|DROP|REINDEX|DETACH|REFRESH)\b[^;']*\bCONCURRENTLY\b",
        ("repartition/check/table.sql", "repartition/check/dependents.sql", "repartition/check/named.sql"),
    ),
    "partitions attached or detached, with a scan under lock": (
        r"(ATTACH|DETACH) PARTITION",
        # of indexes, which reads nothing; and in a hint
        ("repartition/indexes/define.sql", "repartition/indexes/build.sql", "repartition/way_back/begin_after_swap.sql"),
    ),
    "advisory locks, whose keys the application may use": (r"pg_(try_)?advisory", ()),
}  # fmt: skip


@pytest.mark.parametrize("trap", NEVER)
def test_no_template_says(trap: str) -> None:
    pattern, known = NEVER[trap]
    found = [name for name, text in TEXTS.items() if re.search(pattern, text)]
    assert set(found) <= set(known)


def test_only_a_leaf_is_read_by_only() -> None:
    """ONLY of a partitioned table has no rows; copy_batch reads leaves."""
    only = [name for name, text in TEXTS.items() if re.search(r"FROM .*\bONLY\b|'ONLY %s'", text)]
    assert only == ["repartition/target/copy_batch.sql"]
    assert "ONLY {% endif %}{{ batch.table | ident }}" in TEXTS["repartition/target/copy_batch.sql"]


def test_the_key_is_never_the_absolute_value_of_the_hash() -> None:
    """abs() of the least integer overflows, so the remainder comes first, everywhere."""
    sql = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("sql/**/*.sql"))
    assert not re.findall(r"abs\(hashtext\([^()]*(\([^()]*\))?[^()]*\)\)\s*%", sql)


@pytest.mark.parametrize("plan", PLANS, ids=[plan.stem for plan in PLANS])
def test_the_order_of_steps(plan: Path) -> None:
    """The log before the copy, or writes are missed; indexes, foreign keys and statistics after it."""
    order = [*steps(plan)]
    for earlier, later in (
        ("check", "back_up"), ("create_partitions", "capture"), ("capture", "copy_rows"),
        ("copy_rows", "discard_touched"), ("discard_touched", "build_indexes"),
        ("copy_rows", "first_pass"), ("copy_rows", "add_foreign_keys"),
        ("build_indexes", "add_foreign_keys"), ("validate_foreign_keys", "attach_foreign_keys"),
        ("build_indexes", "swap"), ("vacuum", "swap"), ("analyze", "swap"), ("verify", "swap"),
        ("await_snapshots", "swap"), ("swap", "release_old"),
    ):  # fmt: skip
        assert order.index(earlier) < order.index(later), (earlier, later)


@pytest.mark.parametrize("plan", PLANS, ids=[plan.stem for plan in PLANS])
def test_the_isolation_of_steps(plan: Path) -> None:
    """Batches are short and see what the log has committed; a comparison has one snapshot."""
    of = {name: step.isolation for name, step in steps(plan).items()}
    for name in ("capture", "copy_rows", "first_pass", "catch_up", "await_snapshots", "swap"):
        assert of[name] == "read committed"
    for name in ("back_up", "verify", "end_capture"):
        assert of[name] == "repeatable read"
    assert steps(plan)["copy_rows"].batches  # never one INSERT for all
    assert steps(plan)["catch_up"].workers == 1  # one pass at a time, or the older value wins


@pytest.mark.parametrize("plan", PLANS, ids=[plan.stem for plan in PLANS])
def test_what_is_tried_again_is_a_transaction(plan: Path) -> None:
    """Only errors of the moment, with a limit; what has no transaction no more than else."""
    moment = {"lock_timeout", "statement_timeout", "deadlock", "serialization", "not_ready"}
    for step in steps(plan).values():
        assert set(step.retry.on) <= moment
    outside = {name for name, step in steps(plan).items() if not step.transaction}
    assert {steps(plan)[name].retry.on for name in outside} == {Retry().on}
    assert outside == {"vacuum", "analyze"}  # both may be done twice


@pytest.mark.parametrize("way", ["swap", "back"])
def test_what_the_swap_takes_its_lock_with(way: str) -> None:
    """Old and new at once, the strongest lock first, as a stronger one later is a deadlock; the log is applied under it."""
    before = included("lock" if way == "swap" else "lock_back")
    assert before.index("repartition/swap/check") < before.index("repartition/swap/apply_and_lock")
    assert re.findall(r"LOCK TABLE .*", TEXTS["repartition/swap/apply_and_lock.sql"]) == [
        # of others, going back
        "LOCK TABLE {{ key.relation_sql }} IN {% if key.by_trigger %}ACCESS EXCLUSIVE{% else %}SHARE ROW EXCLUSIVE{% endif %} MODE;",
        (
            "LOCK TABLE {% for relation in referring %}{{ relation }}, {% endfor %}"
            "{{ source | ident }}, {{ arriving | ident }} IN ACCESS EXCLUSIVE MODE;"
        ),
    ]
    under = included(way) + included("exchange")
    assert (
        under.index("repartition/swap/drain")
        < under.index("repartition/swap/names")
        < under.index("repartition/swap/proof")
    )
    assert not any("CREATE INDEX" in TEXTS[f"{part}.sql"] for part in under)  # not under lock
    for plan in PLANS:
        step = steps(plan)["swap"]
        assert (step.lock, step.rollback_lock) == (
            "repartition/swap/lock.sql",
            "repartition/swap/lock_back.sql",
        )
        assert {"columns", "indexes", "triggers", "grants", "readers"} <= set(step.recheck)


def included(name: str) -> list[str]:
    """The templates that one of the swap includes, in order."""
    return re.findall(
        r"include '(\w+/\w+/\w+|tables/\w+)\.sql'", TEXTS[f"repartition/swap/{name}.sql"]
    )


def test_foreign_keys_are_dropped_one_a_transaction() -> None:
    """Never two referenced tables are locked; a new key is not validated at once."""
    for plan in PLANS:
        for name in (
            "add_foreign_keys",
            "attach_foreign_keys",
            "keep_foreign_keys",
            "attach_restricting_keys",
        ):
            assert str(steps(plan)[name].for_each).startswith("facts.foreign_keys")
    for name in ("add", "attach", "drop"):  # the iteration's key, and no other
        assert "facts." not in TEXTS[f"repartition/foreign_keys/{name}.sql"]
    for plan in PLANS:
        assert str(steps(plan)["release_old"].for_each) == "facts.foreign_keys"
    assert "REFERENCES" not in TEXTS["repartition/target/create.sql"]
    assert "NOT VALID" in TEXTS["repartition/foreign_keys/add.sql"]


def test_the_log_is_written_for_anyone_and_found_by_nobodys_name() -> None:
    """Rights of the owner, a fixed search_path, no index, no counter that ends, private."""
    log = TEXTS["repartition/log/create.sql"]
    assert "SECURITY {% if aside and not trusted %}INVOKER{% else %}DEFINER{% endif %}" in log
    assert "SET search_path = pg_catalog, pg_temp" in log
    # not where the swap replaces what it has proven to be the run's
    assert re.search(
        r"{% if replaces != 'proven' %}\n.*\n{% include 'security/own_function.sql' %}", log
    )
    assert "replaces" not in TEXTS["repartition/log/lock.sql"]
    assert "security/private.sql" in TEXTS["repartition/log/create_keys.sql"]
    assert "GENERATED" not in log + TEXTS["repartition/log/create_keys.sql"]
    assert "ENABLE ALWAYS TRIGGER" in TEXTS["repartition/log/create_triggers.sql"]


def test_keys_are_taken_before_rows_are_read() -> None:
    """DELETE … RETURNING from the log, then delete, then insert, then compare: no entry is lost, none taken unread."""
    sync = TEXTS["repartition/log/create_sync.sql"]
    places = [sync.index(text) for text in (
        "WITH entry AS (DELETE FROM {{ keys", "DELETE FROM {{ there", "INSERT INTO {{ there", "INTO compared",
    )]  # fmt: skip
    assert places == sorted(places)
    assert "seq" not in sync.replace("enable_seqscan", "")


def test_tests_have_a_real_database() -> None:
    """Nothing stands in for the server, or for the one module that talks to it."""
    stand_ins = re.compile(
        r"unittest\.mock|\bMagicMock\b|import sqlite3|monkeypatch\.setattr\((\"executor\.)?database\b"
    )
    tests = [path for path in ROOT.glob("tests/**/*.py") if path != Path(__file__)]
    assert not [path for path in tests if stand_ins.search(path.read_text(encoding="utf-8"))]
