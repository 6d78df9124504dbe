"""What means something else on a partitioned table is named by the check, and refused if data would be wrong."""

from __future__ import annotations

import pytest

from executor.errors import StepError
from tests.helpers.checked import checked
from tests.helpers.command import one
from tests.helpers.flagship import COLUMN, EXPRESSION, HASH, Connection, Layout
from tests.helpers.live import migrate, undo

TABLE = """
CREATE TABLE chunks (id bigint PRIMARY KEY, collection_id int NOT NULL, content text);
INSERT INTO chunks SELECT i, i % 7, 'x' FROM generate_series(1, 70) AS i;
CREATE TABLE other (id bigint);
"""
LAYOUTS = pytest.mark.parametrize("layout", [EXPRESSION, COLUMN, HASH], ids=str)


ONLY = """
CREATE VIEW seen AS SELECT count(*) AS n FROM other RIGHT JOIN ONLY chunks AS c ON true;
CREATE MATERIALIZED VIEW kept AS SELECT id FROM other WHERE id IN (SELECT id FROM ONLY chunks);
CREATE RULE follow AS ON UPDATE TO other DO ALSO UPDATE ONLY chunks SET content = 'y' WHERE id = NEW.id;
CREATE POLICY mine ON other USING (EXISTS (SELECT FROM ONLY chunks AS c WHERE c.id = other.id));
CREATE FUNCTION body() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM ONLY chunks; END;
CREATE FUNCTION text_body() RETURNS void LANGUAGE plpgsql AS 'BEGIN DELETE FROM only "public" . chunks; END';
"""
HARMLESS = """
CREATE TABLE chunks_2 (LIKE chunks);
CREATE VIEW plain AS SELECT 'FROM ONLY chunks' AS said, n FROM (SELECT count(*) AS n FROM chunks) AS c;
CREATE VIEW beside AS SELECT c.id FROM ONLY chunks_2 AS o JOIN chunks AS c USING (id);
CREATE RULE plain AS ON INSERT TO other DO ALSO INSERT INTO chunks VALUES (NEW.id, 1);
CREATE FUNCTION beside() RETURNS void LANGUAGE plpgsql AS 'BEGIN DELETE FROM ONLY chunks_2; DELETE FROM chunks; END';
"""


def test_what_says_only_is_refused_by_name(database: str, connection: Connection) -> None:
    connection.execute((TABLE + HARMLESS + ONLY).encode())
    found = checked(database)
    bound = found["views, rules, policies and functions that say ONLY"]
    assert bound.passed is False
    assert bound.actual.split("; ")[0] == (
        "follow on public.other, mine on public.other, public.body(), public.kept, public.seen"
    )
    text = found["functions in whose text is ONLY and the table's name"]
    assert text.passed is False
    assert text.actual.split("; ")[0] == "public.text_body()"
    names = (*bound.actual.split("; ")[0].split(", "), "public.text_body()")
    found = checked(database, HASH, accept=names)
    assert found[bound.subject].passed is found[text.subject].passed is True


@LAYOUTS
def test_without_the_word_it_reads_the_same_there_and_back(
    layout: Layout, database: str, connection: Connection
) -> None:
    """What the check advises is right."""
    without = ONLY.replace("ONLY", "").replace("only", "")
    connection.execute((TABLE + without).encode())
    migrate(database, "partition_count=2", layout=layout)
    assert connection.execute("SELECT n, body() FROM seen").fetchone() == (70, 70)
    undo(database, layout)
    assert connection.execute("SELECT n, body() FROM seen").fetchone() == (70, 70)


def test_what_says_only_since_the_check_stops_the_swap(
    database: str, connection: Connection
) -> None:
    connection.execute(TABLE.encode())
    migrate(database, "partition_count=2", until="prepare_way_back")
    connection.execute("CREATE VIEW late AS SELECT count(*) AS n FROM ONLY chunks")
    with pytest.raises(StepError, match=r"readers: view public\.late was added"):
        migrate(database)
    assert one(connection, "SELECT n FROM late") == 70
    connection.execute("DROP VIEW late")
    # what is bound by its text alone is none of the facts
    connection.execute(
        "CREATE FUNCTION late() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM ONLY chunks'"
    )
    with pytest.raises(StepError, match=r"ONLY and the table's name: public\.late\(\); ONLY finds"):
        migrate(database)
    connection.execute("DROP FUNCTION late")
    migrate(database)
    assert one(connection, "SELECT relkind::text FROM pg_class WHERE relname = 'chunks'") == "p"


TRIGGERS = """
CREATE EXTENSION lo;
CREATE TABLE notes (id bigint, said text);
ALTER TABLE chunks ADD image lo;
CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO public.notes VALUES (1, TG_OP); IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$;
CREATE FUNCTION clean() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN DELETE FROM public.notes WHERE id = OLD.id; RETURN NULL; END $$;
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN UPDATE public.chunks SET content = 'deleted' WHERE id = OLD.id; RETURN NULL; END $$;
CREATE TRIGGER audits AFTER INSERT OR UPDATE OR DELETE ON chunks FOR EACH ROW EXECUTE FUNCTION audit();
CREATE TRIGGER history AFTER UPDATE ON chunks FOR EACH ROW EXECUTE FUNCTION audit();
CREATE TRIGGER sets BEFORE UPDATE ON chunks FOR EACH ROW EXECUTE FUNCTION audit();
CREATE TRIGGER told AFTER DELETE ON chunks FOR EACH STATEMENT EXECUTE FUNCTION clean();
CREATE TRIGGER cleans AFTER DELETE ON chunks FOR EACH ROW EXECUTE FUNCTION clean();
CREATE TRIGGER keeps BEFORE DELETE ON chunks FOR EACH ROW EXECUTE FUNCTION keep();
CREATE TRIGGER manages BEFORE UPDATE OR DELETE ON chunks FOR EACH ROW EXECUTE FUNCTION lo_manage(image);
"""
MAY_TAKE = "row triggers that may take something away with a row"


@LAYOUTS
def test_row_triggers_that_a_moved_row_fires_are_named(
    layout: Layout, database: str, connection: Connection
) -> None:
    connection.execute((TABLE + TRIGGERS).encode())
    found = checked(database, layout)
    warned = found["row triggers when collection_id of a row is updated"]
    assert warned.passed is False
    assert warned.actual.partition("INSERT: ")[2] == (
        "audits (public.audit) by DELETE and INSERT, cleans (public.clean) by DELETE, history (public.audit) is not"
        " fired at all, keeps (public.keep) by DELETE, manages (public.lo_manage) by UPDATE and DELETE"
    )
    refused = found[MAY_TAKE]
    assert refused.passed is False
    names = ", ".join(
        f"moved rows: {name} on public.chunks" for name in ("cleans", "keeps", "manages")
    )
    assert refused.actual.startswith(names + "; an UPDATE of collection_id")
    assert checked(database, layout, accept=tuple(names.split(", ")))[MAY_TAKE].passed is True

    connection.execute("DROP TRIGGER manages ON chunks; ALTER TABLE chunks DISABLE TRIGGER cleans")
    connection.execute("DROP TRIGGER keeps ON chunks; TRUNCATE notes")
    migrate(database, "partition_count=2", layout=layout)
    key = (
        "collection_id = 2"
        if layout is not COLUMN
        else "collection_id = 2, partition_key = abs(hashtext('2') % 2)"
    )
    places = {
        row[0]
        for row in connection.execute(
            "SELECT tableoid::regclass::text FROM chunks WHERE collection_id <> 2 GROUP BY 1"
        )
    }
    assert len(places) == 2
    connection.execute(
        f"UPDATE chunks SET {key} WHERE id IN (SELECT min(id) FROM chunks GROUP BY tableoid)".encode()
    )
    said = connection.execute("SELECT said, count(*) FROM notes GROUP BY 1 ORDER BY 1").fetchall()
    assert said == [("DELETE", 1), ("INSERT", 1), ("UPDATE", 4)]  # the check has told the truth


FOREIGN = """
CREATE EXTENSION postgres_fdw; CREATE SCHEMA remote;
CREATE SERVER here FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '/tmp');
CREATE SERVER there FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'db.example', dbname '{0}');
CREATE SERVER another FOREIGN DATA WRAPPER postgres_fdw OPTIONS (dbname 'another');
CREATE FOREIGN TABLE remote.writes (id bigint) SERVER here OPTIONS (schema_name 'public', table_name 'chunks');
CREATE FOREIGN TABLE remote.reads (id bigint) SERVER here OPTIONS (schema_name 'public', table_name 'chunks', updatable 'false');
CREATE FOREIGN TABLE remote.far (id bigint) SERVER there OPTIONS (schema_name 'public', table_name 'chunks');
CREATE FOREIGN TABLE remote.chunks (id bigint) SERVER here;
CREATE FOREIGN TABLE remote.away (id bigint) SERVER another OPTIONS (schema_name 'public', table_name 'chunks');
"""


def test_a_foreign_table_that_finds_rows_by_ctid_is_named(
    database: str, connection: Connection
) -> None:
    connection.execute((TABLE + FOREIGN.format(connection.info.dbname)).encode())
    found = checked(database)
    here = found["foreign tables of this server on the table"]
    assert here.passed is False
    assert here.actual.startswith("remote.writes; postgres_fdw finds rows by ctid alone")
    by_ctid = found["statements that find rows by ctid alone"]
    if (
        one(connection, "SELECT count(*) FROM pg_extension WHERE extname = 'pg_stat_statements'")
        == 0
    ):
        assert by_ctid.passed is None
        assert by_ctid.actual.endswith("by the foreign table remote.far, remote.writes")
    connection.execute("ALTER FOREIGN TABLE remote.writes OPTIONS (ADD updatable 'false')")
    assert checked(database, HASH)[here.subject].passed is True
