"""What `executor queries` and the step `compare_queries` say of statements is what they will do."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from executor.database import embedded
from executor.database.session import Connector
from executor.errors import AssertionFailedError
from executor.events import AssertionChecked
from executor.init.ask import survey
from tests.helpers import servers
from tests.helpers.command import one, refused
from tests.helpers.flagship import COLUMN, EXPRESSION, HASH, Connection, Layout
from tests.helpers.live import fresh_database, migrate
from tests.helpers.plans import call

# an autovacuum at some time or other would change what count(*) of it takes
TABLE = """
CREATE TABLE docs (id int PRIMARY KEY, title text);
CREATE TABLE chunks (id bigint PRIMARY KEY, collection_id uuid NOT NULL, doc int NOT NULL, slug text, content text, at timestamptz NOT NULL,
  kind text NOT NULL DEFAULT 'k1', UNIQUE (collection_id, slug)) WITH (autovacuum_enabled = off);
INSERT INTO docs SELECT i, 'd' || i FROM generate_series(1, 2000) AS i;
INSERT INTO chunks SELECT i, md5((i % 2000)::text)::uuid, i % 2000 + 1, 's' || i, repeat('x', 200), timestamptz '2025-01-01 UTC' + i * interval '36 seconds', 'k' || least(i % 10, 3)
FROM generate_series(1, 40000) AS i;
CREATE INDEX chunks_doc ON chunks (doc); CREATE INDEX chunks_at ON chunks (at);
ANALYZE docs, chunks;
"""
PARTITIONS = "partition_count=20"
KEY = "cfcd2084-95d5-65ef-66e7-dff9f98764da"  # of (i % 2000) = 0
OTHER = "c4ca4238-a0b9-2382-0dcc-509a6f75849b"  # of 1

SAME, SLOWER, FAILS, DIFFERS = "same", "slower", "fails", "differs"
#: what takes about twice as long may be called either
OUTCOMES = {".": {SAME}, "S": {SLOWER}, "F": {FAILS}, "D": {DIFFERS}, "?": {SAME, SLOWER}}
#: what is asked for a layout, in the order in which the workload tells them
AT = ("key_column=at", "range_end=2025-01-24")
LAYOUTS = [
    EXPRESSION, COLUMN, HASH,
    Layout("range", variables=("layout=range", *AT, "interval=1 day")),
    Layout("list", variables=("layout=list", "key_column=kind")),
    Layout("plain", variables=("layout=plain", "column_order=at")),
    Layout("range_hash", variables=("layout=range_hash", *AT, "interval=2 days", "sub_key_column=collection_id", "sub_count=2")),
    Layout("list_range", variables=("layout=list_range", "key_column=kind", "sub_key_column=at", "interval=1 week", "range_end=2025-01-24", "default_partition=true")),
]  # fmt: skip
#: a statement, its values, and what becomes of it in each of these layouts: measured, with 200,000 rows in up to 200 partitions,
#: each `S` takes from 3 to 80 times as long, and each `.` less than twice
WORKLOAD = [
    ("SELECT * FROM public.chunks WHERE id = $1", "77", "SSSS?.SS"),
    ("SELECT id, content FROM chunks WHERE collection_id = $1 ORDER BY at DESC LIMIT $2", f"'{KEY}', 20", "SS.S?.SS"),
    ("SELECT count(*) FROM chunks WHERE collection_id = $1", f"'{KEY}'", "SS.S?.SS"),
    ("SELECT content FROM chunks WHERE collection_id = $1 AND slug = $2", f"'{KEY}', 's4000'", "SS.S?.SS"),
    ("SELECT id FROM chunks WHERE doc = $1 ORDER BY id", "7", "SSSS?.SS"),
    ("SELECT id FROM chunks WHERE id IN ($1, $2, $3)", "1, 2, 3", "SSSS?.SS"),
    ("SELECT id FROM chunks WHERE id = ANY($1)", "'{1,5,9}'", "SSSS?.SS"),
    ("SELECT id FROM chunks WHERE at > $1 ORDER BY at LIMIT 10", "'2025-01-02'", "SSSS?.SS"),
    ("SELECT max(at) FROM chunks", "", "SSSS?.SS"),
    ("SELECT c.content, d.title FROM chunks c JOIN docs d ON d.id = c.doc WHERE c.id = $1", "77", "SSSS?.SS"),
    ("WITH found AS (SELECT * FROM chunks WHERE id = 5) SELECT count(*) FROM found", "", "SSSS?.SS"),
    ("UPDATE chunks SET content = $2 WHERE chunks.id = $1", "77, 'y'", "SSSS?.SS"),
    ("DELETE FROM chunks WHERE id = $1", "77", "SSSS?.SS"),
    ("SELECT count(*) FROM chunks", "", "........"),
    ("SELECT collection_id, count(*), max(length(content)) FROM chunks GROUP BY collection_id", "", "........"),
    ("SELECT avg(length(content)) FROM chunks WHERE content LIKE $1", "'%y%'", "........"),
    ("INSERT INTO chunks (id, collection_id, doc, slug, at) VALUES ($1, $2, 1, 'n', now())", f"50001, '{KEY}'", ".F......"),
    ("INSERT INTO chunks (id, collection_id, doc, slug, at) VALUES (50002, $1, 1, 'm', now()) ON CONFLICT (id) DO NOTHING", f"'{KEY}'", "FFFFF.FF"),
    ("INSERT INTO chunks (id, collection_id, doc, slug, at) VALUES (50003, $1, 1, 's4000', now()) ON CONFLICT (collection_id, slug) DO UPDATE SET doc = excluded.doc", f"'{KEY}'", "FF.FF.FF"),
    ("SELECT count(*) FROM ONLY chunks", "", "DDDDD.DD"),
    ("DELETE FROM chunks WHERE ctid = '(0,1)'", "", "DDDDD.DD"),
    ("SELECT * FROM chunks WHERE id = $1 AND at = $2 AND kind = $3 AND collection_id = $4", f"1440, '2025-01-02 UTC', 'k0', '{KEY}'", "SS......"),
    ("SELECT max(id) FROM chunks WHERE kind = $1 AND doc = $2", "'k7', 8", "SSSS?.S?"),
]  # fmt: skip
DELETE = ("DELETE FROM chunks WHERE doc = $1", "7")
#: what the layout wants besides the key, with a constant of which pg_stat_statements keeps nothing
BESIDES = {
    "expression": "abs(hashtext(collection_id::text) % 20) = abs(hashtext($1::uuid::text) % 20)",
    "column": "partition_key = abs(hashtext($1::uuid::text) % 20)",
}


def told(layout: Layout, dsn: str, *options: str) -> subprocess.CompletedProcess[str]:
    return call("queries", layout.plan, "--dsn", dsn, *options)


def as_file(directory: Path, *statements: tuple[str, str]) -> str:
    file = directory / "app.sql"
    texts = (f"-- values: {values}\n{text};\n" if values else f"{text};\n" for text, values in statements)  # fmt: skip
    file.write_text("\n".join(texts))
    return str(file)


@pytest.mark.parametrize("place", range(len(LAYOUTS)), ids=map(str, LAYOUTS))
def test_it_finds_what_becomes_slower_or_fails_and_nothing_else(
    place: int, database: str, connection: Connection, roomy: Path
) -> None:
    layout = LAYOUTS[place]
    connection.execute(TABLE.encode())
    connection.execute(b"VACUUM chunks")  # as the plan does with the new table
    migrate(database, PARTITIONS, layout=layout, until="verify")
    before = one(connection, "SELECT count(*) FROM chunks")
    statements = [(text, values) for text, values, *_ in WORKLOAD]
    if narrow := BESIDES.get(layout.name):
        text = f"SELECT count(*) FROM chunks WHERE collection_id = $1 AND {narrow}"
        statements.append((text, f"'{KEY}'"))
    file = as_file(roomy, *statements, ("SELECT * FROM docs", ""))
    done = told(layout, database, "--queries", file, "--format", "json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["statements"]
    expected = [OUTCOMES[outcomes[place]] for *_, outcomes in WORKLOAD] + [{SAME}] * bool(narrow)
    got = [(item["outcome"], *asked) for item, asked in zip(found, statements, strict=True)]
    assert [one for one, right in zip(got, expected, strict=True) if one[0] not in right] == []

    by_id, by_key = found[0], found[2]
    if narrow or layout is HASH:
        assert (by_id["before"]["partitions"], by_id["after"]["partitions"]) == (0, 20)
        assert by_id["after"]["locks"] > 20 * by_id["before"]["locks"] / 2
        assert by_id["before"]["scans"] == ["Index Scan"]
        assert "Index Scan" in by_id["after"]["scans"]  # a small partition may be read whole
    if narrow:
        assert "returns partition_key, too" in by_id["why"]
        assert by_key["add"] == narrow.replace("$1", f"'{KEY}'")
        assert by_key["advised"]["partitions"] == 1
        assert by_key["advised"]["cost"] < by_key["after"]["cost"]
        assert by_key["advised"]["locks"] < by_key["after"]["locks"] / 5
    assert one(connection, "SELECT count(*) FROM pg_prepared_statements") == 0

    page = told(layout, database, "--queries", file, "--strict")
    wrong = sum(SAME not in outcomes for outcomes in expected)
    assert page.returncode == (6 if wrong else 0), page.stderr
    said = re.search(rf"(\d+) of {len(expected)} statements", page.stdout)
    assert (said is None) is (wrong == 0)
    assert "1 statement of" in page.stdout
    assert ("SLOWER" in page.stdout) or {SLOWER} not in expected
    assert "Traceback" not in page.stderr
    if layout is EXPRESSION:
        connection.execute("CREATE VIEW seen AS SELECT id, clock_timestamp() AS at FROM chunks")
        view = "SELECT at FROM chunks JOIN seen USING (id, at)"
        not_run = (DELETE, (view, ""), ("SELECT id INTO made FROM chunks", ""))
        _times_count_where_they_were_measured(database, as_file(roomy, *statements[:3], *not_run))
    assert one(connection, "SELECT count(*) FROM chunks") == before  # nothing was run that writes


def _times_count_where_they_were_measured(database: str, file: str) -> None:
    done = told(EXPRESSION, database, "--queries", file, "--analyze", "--format", "json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)["statements"]
    asked, not_run = found[:3], found[3:]
    of_statement = 0.12  # what any takes besides, and a little to send its answer
    for item in asked:
        before, after = (item[side]["ms"] + of_statement for side in ("before", "after"))
        assert item["ratio"] == pytest.approx(after / before, rel=0.1)
        assert item["outcome"] == (SLOWER if item["ratio"] > 2 else SAME)
    assert [item["before"]["ms"] for item in not_run] == [None] * 3


BAD = [
    ("SELEC 1", "app.sql:1: it is not SQL: syntax error"),
    ("SELECT id FROM chunks;\nSELECT id\nFROM chunks x y SELECT 1", "app.sql:3: it is not SQL: syntax error"),
    ("SELECT id FROM chunks;\nSELECT 'x", "app.sql:2: unterminated quoted string"),
    ("SELECT * FROM docs", "no statement names public.chunks"),
    ("", "holds no statement"),
    ("DROP TABLE chunks", "app.sql:1: only SELECT, INSERT, UPDATE, DELETE and MERGE have a plan"),
    ("-- values: 1, 2\nSELECT id FROM chunks WHERE id = $1", "the statement has 1 parameter, and 2 values"),
    ("-- values: now()\nSELECT id FROM chunks WHERE id = $1", "is not a list of constants"),
    ("-- values: 1; DROP TABLE chunks\nSELECT id FROM chunks WHERE id = $1", "is not a list of constants"),
    ("-- calls: many\nSELECT id FROM chunks", "-- calls: many is no number of calls"),
]  # fmt: skip


def test_what_can_not_be_asked_is_said_in_a_sentence(
    database: str, connection: Connection, roomy: Path
) -> None:
    connection.execute(TABLE.encode())
    file = roomy / "app.sql"
    file.write_text("SELECT id FROM chunks")
    refused(told(EXPRESSION, database), 2, "there are no two tables", "no run has begun", "--until verify")  # fmt: skip
    refused(call("queries", "--dsn", database), 2, "say which plan: no run is under way")
    migrate(database, "partition_count=2", until="create_target")
    for text, words in BAD:
        file.write_text(text)
        refused(told(EXPRESSION, database, "--queries", str(file)), 2, words)
    connection.execute("ALTER TABLE chunks RENAME TO mine")
    refused(told(EXPRESSION, database), 2, "there is no table public.chunks", "has renamed it")
    connection.execute("ALTER TABLE mine RENAME TO chunks")
    file.write_text("\n".join(f"{text};" for text, _ in BAD if "'x" not in text and text))
    some = told(EXPRESSION, database, "--queries", str(file), "--format", "json")
    record, error = map(json.loads, some.stdout.splitlines())  # the others are asked
    outcomes = [item["outcome"] for item in record["statements"]]
    assert (some.returncode, error["exit_code"]) == (2, 2)
    assert outcomes.count("not asked") == 7
    assert outcomes.count(SAME) == 1
    assert "7 statements can't be read: " in error["error"]
    file.write_text("SELECT id FROM chunks WHERE id = $1")
    without = call("queries", "--queries", str(file), "--dsn", database)  # nor a plan: one is open
    assert (without.returncode, "1 statement, " in without.stdout) == (0, True), without.stderr
    file.write_bytes(b"\xff\xfe")
    refused(told(EXPRESSION, database, "--queries", str(file)), 2, "is not text in UTF-8")
    gone = told(EXPRESSION, database, "--queries", str(roomy / "none.sql"))
    refused(gone, 2, "none.sql can't be read: No such file or directory")
    refused(told(EXPRESSION, database, "--analyze"), 2, "--analyze runs statements")
    refused(call("queries", "plans/examples/01_hello.yaml", "--dsn", database), 2, "says nothing of statements")  # fmt: skip
    migrate(database)
    refused(told(EXPRESSION, database), 2, "has swapped them")


def test_without_pg_stat_statements_the_run_says_so_and_goes_on(
    database: str, connection: Connection
) -> None:
    connection.execute(TABLE.encode())
    migrate(database, "partition_count=2", "regressions=refuse", until="verify")
    connection.execute("ALTER TABLE chunks_new RENAME TO mine")
    gone = call("run", EXPRESSION.plan, "--dsn", database)
    refused(gone, 5, "step compare_queries: there is no table public.chunks_new")
    connection.execute("ALTER TABLE mine RENAME TO chunks_new")
    events = migrate(database, until="compare_queries")
    (checked,) = [e for e in events if isinstance(e, AssertionChecked) and e.kind == "no_regression"]  # fmt: skip
    assert (checked.passed, checked.severity, len(checked.findings)) == (True, "error", 1)
    assert "there is no pg_stat_statements that" in checked.findings[0].actual
    done = told(EXPRESSION, database, "--strict")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 1
    assert "executor queries --queries FILE" in done.stdout


@pytest.fixture(scope="module")
def knowing_server() -> Iterator[str]:
    """A server that keeps what statements there were."""
    binaries = Path(os.environ.get("EXECUTOR_TEST_BIN", embedded.binaries()))
    with servers.server_of(binaries, "-c shared_preload_libraries=pg_stat_statements") as dsn:
        yield dsn


def test_the_run_warns_of_what_pg_stat_statements_knows_or_refuses(knowing_server: str) -> None:
    with fresh_database(knowing_server) as dsn, psycopg.connect(dsn, autocommit=True) as here:
        here.execute((TABLE + "CREATE EXTENSION pg_stat_statements").encode())
        here.execute(b"SELECT pg_stat_statements_reset()")
        narrow = BESIDES["expression"].replace("$1", f"'{KEY}'")
        one_of = [f"abs(hashtext('{value}'::text) % 20)" for value in (KEY, OTHER)]
        several = f"abs(hashtext(collection_id::text) % 20) IN ({', '.join(one_of)})"
        sent = {
            f"SELECT id FROM chunks WHERE collection_id = '{KEY}'": (30, SLOWER),
            f"SELECT doc FROM chunks WHERE collection_id = '{KEY}' AND {narrow}": (60, SAME),
            f"SELECT slug FROM chunks WHERE collection_id IN ('{KEY}', '{OTHER}') AND {several}": (
                4,
                SAME,
            ),
            "SELECT sum(doc) FROM public.chunks": (6, SAME),
        }
        for text, (times, _) in sent.items():
            for _ in range(times):
                here.execute(text.encode())
        here.execute(b"CREATE SCHEMA other; CREATE TABLE other.chunks (id int)")
        here.execute(b"SELECT count(*) FROM other.chunks")

        events = migrate(dsn, PARTITIONS, until="compare_queries")
        (found,) = [e for e in events if isinstance(e, AssertionChecked) and e.kind == "no_regression"]  # fmt: skip
        assert (found.passed, found.stops) == (False, False)
        summary, slow = found.findings[:2]
        assert len(found.findings) == 2, [str(finding) for finding in found.findings]
        assert (
            summary.actual == "1 of 4 statements, 30 % of the calls, will look into 20 partitions"
        )
        assert "(30 calls, " in slow.subject
        assert "partitions 20; locks" in slow.actual
        assert "with AND abs(hashtext(collection_id::text) % 20) = abs(hashtext($1::uuid::text)" in slow.actual  # fmt: skip
        told_of = json.loads(told(EXPRESSION, dsn, "--format", "json").stdout)
        assert {(item["calls"], item["outcome"]) for item in told_of["statements"]} == {
            *sent.values()
        }
        call("rollback", EXPRESSION.plan, "--dsn", dsn)
        with pytest.raises(AssertionFailedError, match="1 of 4 statements"):
            migrate(dsn, PARTITIONS, "regressions=refuse")
        assert (
            one(here, "SELECT relkind FROM pg_class WHERE oid = 'public.chunks'::regclass") == "r"
        )


def test_a_name_alone_is_taken_for_the_table_where_no_search_path_finds_one(
    knowing_server: str,
) -> None:
    with fresh_database(knowing_server) as dsn, psycopg.connect(dsn, autocommit=True) as here:
        here.execute(
            b"CREATE EXTENSION pg_stat_statements; CREATE SCHEMA billing;"
            b"CREATE TABLE billing.invoices (id bigint PRIMARY KEY, tenant_id int NOT NULL, invoice_no text, UNIQUE (tenant_id, invoice_no));"
            b"INSERT INTO billing.invoices SELECT i, i % 9, i FROM generate_series(1, 500) AS i;"
            b"CREATE TABLE billing.invoices_old_20250101_000000 (id bigint);"
            b"SELECT count(*) FROM billing.invoices JOIN billing.invoices_old_20250101_000000 USING (id)"
        )
        layout = Layout("hash", variables=("layout=hash", "source=billing.invoices", "key_column=id", "partition_count=4", "regressions=refuse"))  # fmt: skip
        with psycopg.connect(dsn, options="-c search_path=billing", autocommit=True) as client:
            client.execute(
                b"INSERT INTO invoices VALUES (1, 1, '1') ON CONFLICT (tenant_id, invoice_no) DO NOTHING"
            )
        with pytest.raises(AssertionFailedError, match="1 of these taken for billing"):
            migrate(dsn, layout=layout)
        done = told(layout, dsn)
        assert "FAILS" in done.stdout, done.stdout + done.stderr
        assert "which invoices is meant" in done.stdout
        assert "name another table" not in done.stdout
        assert "_old_" not in done.stdout  # what an earlier run has asked
        here.execute(b"CREATE TABLE public.invoices ()")  # by the role's own path it is this one
        assert "FAILS" not in told(layout, dsn).stdout


EVIL = """
CREATE SCHEMA evil AUTHORIZATION executor_writer;
SET SESSION AUTHORIZATION executor_writer;
CREATE FUNCTION evil.take() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  IF (SELECT rolsuper FROM pg_roles WHERE rolname = session_user) THEN EXECUTE 'COPY (SELECT 1) TO PROGRAM ''touch taken'''; END IF;
END $$;
CREATE FUNCTION evil.called(n int) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS 'BEGIN PERFORM evil.take(); RETURN 1; END';
CREATE FUNCTION evil.same(a bigint, b text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN PERFORM evil.take(); RETURN true; END';
CREATE OPERATOR evil.= (LEFTARG = bigint, RIGHTARG = text, FUNCTION = evil.same);
CREATE DOMAIN evil.number AS int CHECK (evil.called(VALUE) > 0);
CREATE VIEW evil.seen AS SELECT id, evil.called(5) AS n FROM public.chunks;
CREATE FUNCTION evil.hashtext(t text) RETURNS int LANGUAGE plpgsql IMMUTABLE AS 'BEGIN PERFORM evil.take(); RETURN 1; END';
CREATE TABLE evil.others (id int);
RESET SESSION AUTHORIZATION;
"""


#: the name of a window, which a careless writer of statements leaves without its quotes
ODD = "() FROM chunks;COMMIT;SELECT evil.take();--"


def test_init_counts_the_conflicts_that_fail_and_no_others(knowing_server: str) -> None:
    """Those whose key the layout does not keep, however they name it."""
    with fresh_database(knowing_server) as dsn, psycopg.connect(dsn, autocommit=True) as here:
        here.execute(
            b"""CREATE EXTENSION pg_stat_statements;
            CREATE TABLE people (id int PRIMARY KEY, tenant int, "E/mail" text, UNIQUE (tenant, "E/mail"), UNIQUE ("E/mail"));
            CREATE UNIQUE INDEX ON people (lower("E/mail"));
            INSERT INTO people SELECT n, n, n::text FROM generate_series(1, 200) AS n; ANALYZE people"""
        )
        for calls, target in (
            (9, '("E/mail", Tenant) WHERE true'),
            (8, ""),
            (1, "(Id)"),
            (2, "ON CONSTRAINT people_pkey"),
            (3, '( "E/mail" )'),
            (1, '(lower("E/mail"))'),
        ):
            for _ in range(calls):
                here.execute(f"INSERT INTO people VALUES (1, 1, '1') ON CONFLICT {target} DO NOTHING".encode())  # fmt: skip
        with Connector(dsn, "test", read_only=True).session() as session:
            found = survey(session, "people", layout="hash:tenant:4", columns=(), size=None)
        assert found.chosen and found.chosen.on_conflict.endswith(" (7 calls have it)")


def test_no_code_of_others_is_run_to_plan_their_statements(
    knowing_server: str, roomy: Path
) -> None:
    """Who may write and make functions writes statements whose planning would call them as the operator."""
    with fresh_database(knowing_server) as dsn, psycopg.connect(dsn, autocommit=True) as here:
        here.execute((TABLE + "CREATE EXTENSION pg_stat_statements; CREATE ROLE executor_writer").encode())  # fmt: skip
        try:
            name = one(here, "SELECT current_database()")
            here.execute(f'GRANT ALL ON chunks, docs TO executor_writer; ALTER ROLE executor_writer IN DATABASE "{name}" SET search_path = evil, pg_catalog, public'.encode())  # fmt: skip
            here.execute(EVIL.encode())
            migrate(dsn, "partition_count=2", until="verify")
            here.execute(b"SELECT pg_stat_statements_reset()")
            here.execute(
                b"SET SESSION AUTHORIZATION executor_writer; SET search_path = evil, public"
            )
            statements = [
                "SELECT id FROM chunks WHERE id = called(5)",
                "SELECT id FROM public.chunks WHERE id = evil.called(n => 5)",
                "SELECT id FROM chunks WHERE chunks.id OPERATOR(evil.=) 'x'",
                "SELECT id FROM chunks WHERE id = 5::evil.number",
                "SELECT c.id FROM chunks c JOIN evil.seen s ON s.id = c.id WHERE s.n = 1",
                "SELECT id FROM chunks WHERE pg_advisory_xact_lock_shared(5) IS NULL",
                "UPDATE chunks SET doc = doc WHERE id = (SELECT called(doc) FROM docs d (doc) LIMIT 1)",
            ]
            for text in statements:
                here.execute(text.encode())
            here.execute(b"RESET SESSION AUTHORIZATION; RESET search_path")
            file = as_file(
                roomy, *((text.replace(" called", " evil.called"), "") for text in statements)
            )
            for options in ((), ("--queries", file, "--analyze")):
                done = told(EXPRESSION, dsn, "--format", "json", *options)
                assert done.returncode == 0, done.stderr
                found = json.loads(done.stdout)["statements"]
                assert len(found) == len(statements)
                assert [item["query"] for item in found if item["outcome"] != "not asked"] == []
                assert all("that this role does not trust" in item["why"] for item in found)
            _what_comes_back_later_is_not_run(here, dsn)
            taken = "SELECT (pg_stat_file('taken', true)).size IS NOT NULL"
            assert one(here, taken) is False
            here.execute(b"EXPLAIN SELECT id FROM chunks WHERE id = evil.called(5)")
            assert one(here, taken) is True  # so would it be, had one of them been planned
        finally:
            here.execute("RESET SESSION AUTHORIZATION")
            here.execute("DROP OWNED BY executor_writer CASCADE; DROP ROLE executor_writer")


def _what_comes_back_later_is_not_run(here: Connection, dsn: str) -> None:
    """Between the question and the plan, or as a part of a statement that was a name."""
    here.execute(b"DROP OPERATOR evil.= (bigint, text); SELECT pg_stat_statements_reset()")
    here.execute(b"SET SESSION AUTHORIZATION executor_writer; SET search_path = evil, public")
    for name in ("gone", "lost"):
        body = "(n int) RETURNS bigint IMMUTABLE LANGUAGE sql RETURN 1"
        here.execute(f"CREATE FUNCTION {name}{body}".encode())
    statements = {
        f'SELECT sum(id) OVER "{ODD}" FROM chunks WINDOW "{ODD}" AS ()': "it can't be written anew",
        "SELECT id FROM chunks WHERE id = gone(5)": "where others may make functions",
        "SELECT id FROM chunks WHERE id = evil.lost(5)": "others may make in the schema evil",
        "SELECT id FROM chunks WHERE id = ANY (_number('{5}')::int[])": "type evil.number[]",
        # it can be a view at any moment
        "SELECT id FROM chunks JOIN evil.others USING (id)": "what is made of evil.others by",
        # which is slower, and is tried with the condition that calls hashtext()
        f"SELECT id FROM chunks WHERE collection_id = '{KEY}'": "",
    }
    for text in statements:
        here.execute(text.encode())
    here.execute(b"DROP FUNCTION gone, lost; RESET SESSION AUTHORIZATION; RESET search_path")
    done = told(EXPRESSION, dsn, "--format", "json")
    assert done.returncode == 0, done.stderr
    found = {item["query"][:34]: item for item in json.loads(done.stdout)["statements"]}
    for text, why in statements.items():
        item = found[text[:34]]
        assert (item["outcome"] == "not asked", why in item["why"]) == (bool(why), True), item
