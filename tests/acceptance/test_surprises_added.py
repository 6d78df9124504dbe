"""What an event trigger adds to our tables while they are made acts on no row, or is refused by name."""

from __future__ import annotations

import pytest

from executor.errors import StepError
from tests.helpers.command import one
from tests.helpers.flagship import COLUMN, EXPRESSION, HASH, Connection, Layout, content
from tests.helpers.live import migrate, undo

TWO = "partition_count=2"

SOURCE = """
CREATE TABLE chunks (id bigint PRIMARY KEY, collection_id int NOT NULL, content text);
INSERT INTO chunks SELECT i, i % 7, 'x' FROM generate_series(1, 60) AS i;
CREATE TABLE audit (entry text);
CREATE FUNCTION enter() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO public.audit VALUES (TG_TABLE_NAME || TG_OP); RETURN NULL; END $$;
CREATE PUBLICATION known;
"""
#: a platform that does something to every new table whose name is like a pattern
PLATFORM = """
CREATE FUNCTION on_create() RETURNS event_trigger LANGUAGE plpgsql AS $$
DECLARE item record;
BEGIN
  FOR item IN
    SELECT DISTINCT c.oid::regclass AS name FROM pg_event_trigger_ddl_commands() AS d JOIN pg_class AS c ON c.oid = d.objid
    WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace AND c.relname LIKE '{pattern}'
  LOOP
    {acts}
  END LOOP;
END $$;
CREATE EVENT TRIGGER on_create ON ddl_command_end
  WHEN TAG IN ('CREATE TABLE', 'CREATE TABLE AS') EXECUTE FUNCTION on_create();
"""
ACTS = (
    "CREATE OR REPLACE TRIGGER enters AFTER INSERT OR DELETE ON {0} FOR EACH ROW EXECUTE FUNCTION public.enter()",
    "ALTER TABLE {0} ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY mine ON {0} USING (true)",
    "CREATE RULE quiet AS ON DELETE TO {0} DO ALSO NOTIFY gone",
    "ALTER PUBLICATION known ADD TABLE {0}",
)
MORE = ("ALTER TABLE {0} ADD COLUMN tenant int", "CREATE INDEX ON {0} (content)")


def platform(pattern: str, *acts: str) -> bytes:
    said = (f"EXECUTE format('{act.format('%1$s')}', item.name);" for act in acts)
    return PLATFORM.format(pattern=pattern, acts="\n    ".join(said)).encode()


@pytest.mark.parametrize("layout", [EXPRESSION, COLUMN, HASH], ids=str)
def test_what_the_table_has_too_comes_along_and_acts_on_no_row_of_the_copy(
    layout: Layout, database: str, connection: Connection
) -> None:
    connection.execute(SOURCE.encode())
    for act in ACTS:
        connection.execute(act.format("chunks").encode())
    before = content(connection, "chunks")
    # partitions are never published one by one
    connection.execute(platform("chunks\\_%", *ACTS[:-1]))
    migrate(database, TWO, layout=layout)
    assert content(connection, "chunks") == before
    assert one(connection, "SELECT count(*) FROM audit") == 0
    has = (
        "SELECT relname::text, relrowsecurity, relhasrules, (SELECT count(*) FROM pg_policy WHERE polrelid = c.oid),"
        " (SELECT count(*) FROM pg_trigger WHERE tgrelid = c.oid AND tgname = 'enters' AND tgparentid = 0)"
        " FROM pg_class AS c WHERE relname = 'chunks' OR relname LIKE 'chunks_part%'"
        " AND relkind = 'r' ORDER BY 1"
    )
    assert connection.execute(has.encode()).fetchall() == [
        ("chunks", True, True, 1, 1),
        ("chunks_part_00", False, False, 0, 0),
        ("chunks_part_01", False, False, 0, 0),
    ]
    connection.execute("DELETE FROM chunks WHERE id = 1")
    assert one(connection, "SELECT count(*) FROM audit") == 1
    undo(database, layout)
    assert one(connection, "SELECT count(*) FROM audit") == 1


@pytest.mark.parametrize(
    ("pattern", "step"),
    [
        ("chunks\\_new", "create_target"),
        ("chunks\\_part\\_01", "configure_partitions"),
        ("chunks\\_backup\\_%", "back_up"),
        ("chunks\\_log\\_%", "capture"),
        ("chunks\\_back\\_%", "prepare_way_back"),
    ],
)
def test_what_the_table_has_not_is_refused_by_name(
    pattern: str, step: str, database: str, connection: Connection
) -> None:
    connection.execute(SOURCE.encode())
    acts = ACTS if "part" not in pattern else ACTS[:-1]
    acts = (*acts, *MORE) if "new" in pattern else acts
    connection.execute(platform(pattern, *acts))
    before = content(connection, "chunks")
    with pytest.raises(StepError) as refused:
        migrate(database, TWO)
    said = str(refused.value)
    words = ["trigger enters on", "row level security of", "policy mine on", "rule quiet on"]
    words += ["column tenant of", "index "] if "new" in pattern else []
    for word in (*words, step, "on_create"):
        assert word in said + str(refused.value.hint)
    undo(database)
    assert content(connection, "chunks") == before
    assert one(connection, "SELECT count(*) FROM audit") == 0
