"""`executor init`: what it recommends for other projects' tables, the plan that it writes, and what it refuses."""

from __future__ import annotations

import json
import re
from pathlib import Path

import psycopg
import pytest

from executor.database.session import Connector
from executor.init.ask import survey
from executor.plan.loader import load
from executor.plan.variables import resolve
from tests.helpers.command import Connection, one, refused
from tests.helpers.plans import call

ROOT = Path(__file__).parents[2]
OTHERS = ROOT / "tests/sources/others.sql"
LAYOUTS = (ROOT / "docs" / "layouts.md").read_text(encoding="utf-8")

#: table, the size that it is taken for, and what is recommended; what its maintainers chose stands beside that
CHOSEN = [
    (table, size or None, None if spec == "none" else spec.strip("`"))
    for table, size, spec in re.findall(
        r"^\| `(\w+\.\w+)` \| (\w*) ?\| (`\S+`|none) \| .", LAYOUTS, flags=re.MULTILINE
    )
]


@pytest.fixture
def others(database: str) -> str:
    with psycopg.connect(database, autocommit=True) as session:
        session.execute(OTHERS.read_bytes())
    return database


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    tmp_path.chmod(0o755)
    return tmp_path


def test_it_recommends_what_others_have_chosen_or_says_why_not(others: str) -> None:
    assert len(CHOSEN) == 18
    with Connector(others, "test", read_only=True).session() as session:
        found = [survey(session, t, layout=None, columns=(), size=s) for t, s, _ in CHOSEN]
    assert [(str(f.table.name), f.chosen and f.chosen.spec) for f in found] == [
        (table, spec) for table, _, spec in CHOSEN
    ]
    changed = {str(f.table.name): f.columns for f in found if f.columns}
    assert changed == {
        t: [{"name": "stream_ordering" if t == "synapse.events" else "id", "type": "bigint"}]
        for t, _, spec in CHOSEN
        if spec == "plain"
    }
    # each layout is offered or refused with its reason
    assert {len(f.offers) for f in found} == {8}
    assert all(offer.refused or offer.spec for f in found for offer in f.offers)
    assert {offer.layout for f in found for offer in f.offers if not offer.divides} == {"plain"}


BAD = [
    (["evnts"], ["there is no table public.evnts", "did you mean public.events?"]),
    (["seen"], ["public.seen is a view"]),
    (["years_2024"], ["public.years_2024 is a partition of public.years"]),
    (["child"], ["public.child inherits from public.parent"]),
    (["afar"], ["public.afar is a foreign table"]),
    (["empty"], ["public.empty is empty"]),
    (["twice"], ["there is a table twice in several schemas", "say which: a.twice, b.twice"]),
    ([], ["say which table"]),
    (["events", "--layout", "range:creatd_at:month"], ["no column 'creatd_at'", "did you mean created_at"]),
    (["events", "--layout", "range:created_at:fortnight"], ["an interval of created_at is hour, day, week, month or year"]),
    (["events", "--layout", "range:created_at:hour"], ["1 hour makes ", " partitions of created_at; at most 5,000"]),
    (["events", "--layout", "range:seen_at:month"], ["seen_at has NULLs in 49.9 % of the rows"]),
    (["events", "--layout", "range:note:month"], ["note is text; RANGE takes times, whole numbers and uuids of version 7"]),
    (["events", "--layout", "hash:id:0"], ["0 is no number of partitions from 1 to 1000"]),
    (["events", "--layout", "hash:doubled:8"], ["doubled is a generated column"]),
    (["events", "--layout", "plain:id"], ["plain has no partitions"]),
    (["events", "--layout", "heap"], ["there is no layout 'heap'", "there are range, list, hash, "]),
    (["events", "--layout", "hash:id:8:9"], ["can't be read", "range:created_at:month"]),
    (["events", "--layout", "range:id:100/hash:id:4"], ["id can't do for both levels"]),
    (["events", "--layout", "plain", "--column", "id:bigger"], ["PostgreSQL knows no such type"]),
    (["events", "--layout", "plain", "--column", "id:bigint"], ["that is the type that it has"]),
    (["events", "--layout", "plain", "--column", "id:text"], ["it is of a key, and PostgreSQL does not compare text with bigint"]),
    (["events", "--layout", "plain", "--column", "id:int) x"], ["is not name:type, such as id:bigint"]),
    (["events", "--layout", "plain", "--column", "idd:int"], ["no column 'idd'", "did you mean id?"]),
    (["events", "--layout", "adopt", "--column", "id:int"], ["with adopt the table stays as it is"]),
    (["events", "--size", "big"], ["--size 'big' is no size"]),
    (["events", "-o", "new.yaml"], ["no layout is recommended for public.events", "--layout chooses one"]),
    (["events", "--layout", "hash:8", "-o", "there.yaml"], ["there.yaml is there already, and is not written over"]),
    (["events", "--layout", "hash:8", "-o", "chunks_100_partitions.yaml"], ["a plan of that name would extend itself", "name another file"]),
    (["events", "--layout", "hash:8", "-o", "new.sql"], ["a plan's file is named *.yaml"]),
]  # fmt: skip

EVENTS = """
CREATE TABLE events (id bigint PRIMARY KEY, created_at timestamptz NOT NULL, seen_at timestamptz, note text,
  doubled bigint GENERATED ALWAYS AS (id * 2) STORED);
INSERT INTO events SELECT n, timestamptz '2023-01-01 UTC' + n * interval '24 hours', CASE WHEN n % 2 = 0 THEN now() END, 'n' || n
FROM generate_series(0, 730) AS n WHERE n <> 1;
ANALYZE events;
"""
TABLES = """
CREATE TABLE empty (n integer); CREATE VIEW seen AS SELECT 1 AS n;
CREATE TABLE years (at date) PARTITION BY RANGE (at);
CREATE TABLE years_2024 PARTITION OF years FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE parent (n integer); CREATE TABLE child () INHERITS (parent);
CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; CREATE FOREIGN TABLE afar (n integer) SERVER s;
CREATE SCHEMA a; CREATE SCHEMA b; CREATE TABLE a.twice (n integer); CREATE TABLE b.twice (n integer);
"""


def test_bad_input_is_one_sentence_and_nothing_is_written(
    database: str, connection: Connection, folder: Path
) -> None:
    connection.execute(EVENTS + TABLES)
    there = folder / "there.yaml"
    there.write_text("mine")
    files = {
        name: str(folder / name)
        for name in ("there.yaml", "new.yaml", "new.sql", "chunks_100_partitions.yaml")
    }
    for given, words in BAD:
        done = call("init", *(files.get(word, word) for word in given), "--dsn", database)
        refused(done, 2, *words)
        assert done.stdout == "" or "-o" in given, given
    assert [file.name for file in folder.iterdir()] == ["there.yaml"]
    assert there.read_text() == "mine"
    assert one(connection, "SELECT to_regnamespace('executor')") is None


def test_the_plan_is_the_table_s_whatever_its_name_holds(
    database: str, connection: Connection, folder: Path
) -> None:
    """Neither YAML nor the expressions of a plan read anything into a name."""
    table, column = 'We"ird {{ 7*7 }} #\n\x1b: x', "Key: é/"
    quoted = '"' + table.replace('"', '""') + '"'
    connection.execute(
        f'CREATE TABLE {quoted} (id int PRIMARY KEY, "{column}" text NOT NULL UNIQUE);'
        f"INSERT INTO {quoted} SELECT n, n::text FROM generate_series(1, 500) AS n; ANALYZE".encode()
    )
    file = folder / "odd.yaml"
    done = call(
        "init", quoted, "--layout", f'hash:"{column}":8', "-o", str(file), "--dsn", database
    )
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout + file.read_text()
    loaded = load(file)
    values = resolve(loaded.plan, loaded.templates, {}, "x")
    assert (values["source"].name, values["key_column"]) == (table, column)
    assert (values["layout"], values["partition_count"]) == ("hash", 8)


def test_the_plan_that_it_writes_runs(database: str, connection: Connection, folder: Path) -> None:
    """The page on the screen, the plan in a file beside no other; what is given up is a comment in it."""
    connection.execute(EVENTS)
    connection.execute("CREATE TABLE looks (event_id bigint REFERENCES events)")
    file = folder / "events.yaml"
    done = call(
        "init", "events", "--layout", "list_by_hash:id:4", "-o", str(file), "--dsn", database
    )
    assert done.returncode == 0, done.stderr
    for words in (
        "about 730 rows",
        "list_by_hash:id:4",
        "<-- chosen",
        "looks_event_id_fkey of public.looks",
        "id has some 730 values, none of them frequent. Whether statements say id = value is not known",
    ):
        assert words in " ".join(done.stdout.split())
    text = file.read_text()
    assert len(text.splitlines()) < 25
    assert "#   - looks_event_id_fkey on public.looks" in text
    refused(call("run", str(file), "--dsn", database), 6, "looks_event_id_fkey on public.looks")
    file.write_text(text.replace("# accept:", "accept:").replace("#   - ", "  - "))
    done = call("run", str(file), "--dsn", database)
    assert done.returncode == 0, done.stderr
    assert (
        one(connection, "SELECT count(*) FROM pg_inherits WHERE inhparent = 'events'::regclass")
        == 4
    )
    # now it has partitions, and none are recommended
    done = call("init", "events", "--size", "400GB", "--dsn", database)
    assert (done.returncode, done.stdout) == (0, "")
    assert "The table has partitions already." in done.stderr
    assert "public.events: about 730 rows" in done.stderr


KEYS = """
CREATE TABLE people (id int PRIMARY KEY, tenant_id int, email text, chief int, UNIQUE (tenant_id, email));
INSERT INTO people SELECT n, n, 'n' || n FROM generate_series(1, 300) AS n; ANALYZE people;
ALTER TABLE people ADD FOREIGN KEY (chief) REFERENCES people;
"""


def test_what_a_layout_does_not_keep_is_said_on_the_page_and_in_the_plan(
    database: str, connection: Connection, folder: Path
) -> None:
    connection.execute(KEYS)

    def page_and_plan(layout: str) -> tuple[str, str]:
        done = call("init", "people", "--layout", layout, "--dsn", database)
        assert done.returncode == 0, done.stderr
        return " ".join(done.stderr.split()), done.stdout

    narrow = "unique (tenant_id, email) holds within a partition only: duplicates can come in, and a rollback stops on them"  # fmt: skip
    page, plan = page_and_plan("hash:id:4")
    assert narrow in page
    assert f"# {narrow}\n" in plan
    # what the check says of the key from the table to itself, init says, too
    old = connection.info.server_version < 180000
    assert ("moved along" in page, "only with a scan: people_chief_fkey of public.people" in page) == (not old, old)  # fmt: skip
    file = folder / "people.yaml"
    file.write_text(plan.replace("# accept:", "accept:").replace("#   - ", "  - "))
    assert ("people_chief_fkey on public.people" in file.read_text()) == old
    done = call("run", str(file), "--until", "check", "--dsn", database)
    assert done.returncode == 0, done.stderr
    page, plan = page_and_plan("hash:tenant_id:4")
    assert "unique (tenant_id, email)" not in page + plan
    page, _ = page_and_plan("hash:id:1")
    assert "hash:id:1: 1 partition <--" in page
    page, _ = page_and_plan("plain")
    assert "Below 1 GB a table without partitions is as fast" in page
    assert "ot recommended" not in page


def test_the_partitions_that_it_counts_are_those_that_are_made(
    database: str, connection: Connection, folder: Path
) -> None:
    """Those without rows, too: of the time since the last one, and those made ahead."""
    connection.execute(EVENTS)
    for spec in ("created_at:2 weeks", "created_at:month", "created_at:4 years", "id:50"):
        file = folder / f"{spec.replace(':', '_')}.yaml"
        asked = ("init", "events", "--layout", f"range:{spec}", "-o", str(file))
        done = call(*asked, "--dsn", database)
        assert done.returncode == 0, done.stderr
        counted = re.search(r": (\d+) partitions, \d+ of them with rows, \d+ \w+ on", done.stdout)
        assert counted, done.stdout
        facts = json.loads(call("facts", str(file), "--dsn", database).stdout)
        assert int(counted[1]) == len(facts["facts"]["bounds"]), spec


STATEMENTS = """-- calls: 6
SELECT note FROM events WHERE id = 5;
INSERT INTO events (id, created_at) VALUES (5, now()) ON CONFLICT (created_at) DO NOTHING;
-- calls: 3
SELECT id FROM ONLY events;
SELEC;
"""


def test_layouts_are_tried_with_the_application_s_statements(
    database: str, connection: Connection, folder: Path
) -> None:
    """On a server of our own; a foreign key that a layout gives up is given up there."""
    connection.execute(EVENTS + "CREATE UNIQUE INDEX ON events (created_at);")
    connection.execute("CREATE TABLE looks (event_id bigint REFERENCES events)")
    file = folder / "app.sql"
    file.write_text(STATEMENTS)
    asked = ("init", "events", "--dsn", database)
    done = call(*asked, "--layout", "list_by_hash:id:2", "--rehearse", "--queries", str(file))
    assert done.returncode == 0, done.stderr
    page = " ".join(done.stderr.split())
    assert "trying list_by_hash:id:2 with 730 rows" in page
    assert "tried 2 of 4 statements, 36 % of the calls, 1 will fail, 1 will mean something else" in page  # fmt: skip
    assert "app.sql:6: it is not SQL: syntax error" in page
    assert "layout: list_by_hash" in done.stdout
    assert one(connection, "SELECT to_regnamespace('executor')") is None
    refused(call(*asked, "--queries", str(file)), 2, "give --rehearse, too")
    refused(call(*asked, "--rehearse"), 2, "no layout can be tried: there is no pg_stat_statements")


def test_what_the_role_may_not_see_is_said(database: str, connection: Connection) -> None:
    connection.execute(EVENTS)
    role = f"executor_poor_{connection.info.backend_pid}"
    connection.execute(f"CREATE ROLE {role} LOGIN".encode())
    try:
        poor = psycopg.conninfo.make_conninfo(database, user=role)
        done = call("init", "events", "--dsn", poor)
        assert done.returncode == 0, done.stderr
        assert f"there is no pg_stat_statements that {role} may read" in " ".join(
            done.stderr.split()
        )
        assert "not analyzed" in done.stderr
    finally:
        connection.execute(f"DROP OWNED BY {role} CASCADE; DROP ROLE {role}".encode())
