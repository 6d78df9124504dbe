"""What an event trigger forbids is asked before anything is made that could then not be dropped."""

from __future__ import annotations

import pytest

from executor.errors import AssertionFailedError
from tests.helpers.command import one
from tests.helpers.flagship import EXPRESSION, HASH, Connection, Layout, content, run
from tests.helpers.live import migrate, undo

TWO = "partition_count=2"

SOURCE = """
CREATE TABLE chunks (id bigint PRIMARY KEY, collection_id int NOT NULL, content text);
INSERT INTO chunks SELECT i, i % 7, 'x' FROM generate_series(1, 60) AS i;
CREATE FUNCTION guard() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE gone record;
BEGIN
  {body}
END $$;
CREATE EVENT TRIGGER "Keep It" ON {event} {tags} EXECUTE FUNCTION guard();
"""
MADE = "SELECT count(*) FROM pg_class WHERE relname ~ '^chunks.' AND relkind IN ('r', 'p')"

#: a platform that lets nobody drop a table, or a function with a name of its own
NO_DROP = "RAISE EXCEPTION 'ask the platform team';"
NO_DROP_OF_FUNCTIONS = """FOR gone IN SELECT * FROM pg_event_trigger_dropped_objects() LOOP
  IF gone.object_type = 'function' THEN
    raise 'no % goes', gone.object_identity USING HINT = 'ask';
  END IF; END LOOP;"""
FORBIDS = {
    "tables": (NO_DROP, "ddl_command_start", "WHEN TAG IN ('DROP TABLE')"),
    "functions": (NO_DROP_OF_FUNCTIONS, "sql_drop", ""),
}


@pytest.mark.parametrize("layout", [EXPRESSION, HASH], ids=str)
@pytest.mark.parametrize("what", FORBIDS)
def test_what_may_forbid_a_drop_is_refused_before_anything_is_made(
    what: str, layout: Layout, database: str, connection: Connection
) -> None:
    body, event, tags = FORBIDS[what]
    connection.execute(SOURCE.format(body=body, event=event, tags=tags).encode())
    dry = run(layout, database, TWO, options=["--dry-run"])
    assert dry.returncode == 6
    with pytest.raises(AssertionFailedError, match=r'"Keep It", whose function has: (RAISE|raise)'):
        migrate(database, TWO, layout=layout)
    assert one(connection, MADE) == 0


def test_one_that_only_tells_or_cares_for_other_things_does_not_stop_the_plan(
    database: str, connection: Connection
) -> None:
    body = "RAISE NOTICE 'something went'; PERFORM pg_notify('ddl', 'drop');"
    connection.execute(SOURCE.format(body=body, event="sql_drop", tags="").encode())
    connection.execute(
        "CREATE FUNCTION no_types() RETURNS event_trigger LANGUAGE plpgsql AS"
        " $$BEGIN RAISE EXCEPTION 'no types'; END$$; CREATE EVENT TRIGGER no_types"
        " ON ddl_command_start WHEN TAG IN ('CREATE TYPE') EXECUTE FUNCTION no_types()"
    )
    migrate(database, TWO)


def test_one_that_leaves_the_plan_alone_is_accepted_by_its_name(
    database: str, connection: Connection
) -> None:
    body = "IF current_schema() = 'ledger' THEN RAISE EXCEPTION 'not here'; END IF;"
    connection.execute(SOURCE.format(body=body, event="ddl_command_start", tags="").encode())
    before = content(connection, "chunks")
    migrate(database, TWO, accept=('"Keep It"',))
    undo(database)
    assert content(connection, "chunks") == before


#: what the plan says of that which hangs on a table, beside what it says of any
RARE = ("ALTER MATERIALIZED VIEW", "ALTER POLICY", "ALTER STATISTICS", "DROP INDEX", "DROP POLICY", "DROP RULE", "REFRESH MATERIALIZED VIEW")  # fmt: skip


def test_what_is_said_for_some_tables_alone_is_asked_of_too(
    database: str, connection: Connection
) -> None:
    own = SOURCE.format(body=NO_DROP, event="ddl_command_start", tags="WHEN TAG IN ('CREATE TYPE')")
    connection.execute(own.encode())
    for tag in RARE:
        connection.execute(
            f"CREATE EVENT TRIGGER \"{tag}\" ON ddl_command_start WHEN TAG IN ('{tag}')"
            " EXECUTE FUNCTION guard()".encode()
        )
    done = run(HASH, database, TWO, options=["--dry-run"])
    assert done.returncode == 6
    assert [tag for tag in RARE if f'"{tag}", whose function has' not in done.stderr] == []
    assert '"Keep It"' not in done.stderr
