"""Columns that get another type on the way: there and back, with writers, and what is refused."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest

from executor.errors import ExecutorError
from tests.helpers.command import one
from tests.helpers.flagship import Connection, Layout
from tests.helpers.live import migrate, role, told, undo
from tests.helpers.online import writing
from tests.helpers.plans import call

PLAN = """
extends: chunks_100_partitions.yaml
variables:
  source: public.orders
  layout: %s
  key_column: id
  partition_count: 2
  workers: 1
  columns: [{name: id, type: bigint}, {name: note, type: text}, {name: code, type: int}]
"""
TABLES = """
CREATE TABLE orders (
  id %s PRIMARY KEY, note varchar(9) DEFAULT 'none' CHECK (note IN ('none', 'a', 'b')), code bigint, at timestamptz DEFAULT now());
INSERT INTO orders (note, code) SELECT CASE n %% 2 WHEN 0 THEN 'a' ELSE 'b' END, n FROM generate_series(1, 300) AS n;
CREATE INDEX by_note ON orders (note) WHERE note = 'a';
"""
REFERRING = """
CREATE TABLE items (id int PRIMARY KEY, order_id int CONSTRAINT items_fk REFERENCES orders ON DELETE CASCADE);
CREATE TABLE bills (id int PRIMARY KEY, order_id int CONSTRAINT bills_fk REFERENCES orders);
CREATE TABLE notes (id int PRIMARY KEY, order_id bigint CONSTRAINT notes_fk REFERENCES orders ON DELETE SET NULL);
INSERT INTO items SELECT n, n FROM generate_series(1, 50) AS n;
INSERT INTO bills SELECT n, n + 50 FROM generate_series(1, 50) AS n;
INSERT INTO notes SELECT n, n + 100 FROM generate_series(1, 50) AS n;
"""
TYPES = "SELECT string_agg(format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attnum BETWEEN 1 AND 3"
SEQUENCE = "SELECT format('%s %s', seqtypid::regtype, seqmax) FROM pg_sequence WHERE seqrelid = pg_get_serial_sequence('orders', 'id')::regclass"
KEYS = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND confrelid = 'orders'::regclass AND convalidated AND conparentid = 0"
OLD, NEW = "integer, character varying(9), bigint", "bigint, text, integer"


ROWS = "SELECT id, note, code FROM orders WHERE code IS DISTINCT FROM 77 ORDER BY id"


#: somebody orders all the time
ORDERING = """
WITH new AS (INSERT INTO orders (note, code) VALUES ('a', 77) RETURNING id)
INSERT INTO items SELECT 1000 + id, id FROM new RETURNING id
"""


def _plan(path: Path, text: str) -> Layout:
    plan = path / f"columns_{len(list(path.iterdir()))}.yaml"
    plan.write_text("description: Other columns.\n" + text)
    return Layout("columns", plan=str(plan))


@pytest.mark.parametrize(
    ("id_type", "layout"),
    [("int GENERATED ALWAYS AS IDENTITY", "hash"), ("serial", "plain")],
    ids=["hash", "plain"],
)
def test_int_becomes_bigint_there_and_back(
    id_type: str, layout: str, tmp_path: Path, database: str, connection: Connection
) -> None:
    connection.execute((TABLES % id_type + REFERRING).encode())
    plan = _plan(tmp_path, PLAN % layout)
    if layout == "plain":
        Path(plan.plan).unlink()
        tmp_path.chmod(0o755)
        asked = [f"--column={name}" for name in ("id:bigint", "note:text", "code:int")]
        done = call("init", "orders", "--layout=plain", *asked, "-o", plan.plan, "--dsn", database)
        assert done.returncode == 0, done.stderr

    def write(_: object) -> None:
        """What the application does besides."""
        with psycopg.connect(database, autocommit=True) as other:
            other.execute("INSERT INTO orders (note, code) VALUES ('a', 1), (NULL, NULL)")
            other.execute(
                "UPDATE orders SET note = 'b', code = -code WHERE id % 7 = 0 AND code <> 77"
            )
            other.execute(
                "DELETE FROM orders WHERE id = (SELECT max(id) FROM orders WHERE note IS NULL)"
            )

    steps = ("copy_rows", "define_indexes", "verify", "swap", "monitor")
    with writing(database, ORDERING, pause=0.02) as ordered:
        events = migrate(
            database, layout=plan, until="build_indexes", at={("StepFinished", "copy_rows"): write}
        )
        assert "public.items.order_id is integer, and refers to id" in str(events)
        # resumed
        migrate(database, layout=plan, at={("StepStarted", step): write for step in steps})
        assert one(connection, TYPES) == NEW
        assert one(connection, SEQUENCE) == "bigint 9223372036854775807"
        assert one(connection, KEYS) == 3
        write(None)
        (finished,) = migrate(database, layout=plan)[-1:]
        assert getattr(finished, "status", "") == "nothing_to_do"

        # a value that the old type can't hold
        connection.execute(
            "INSERT INTO orders (id, code) OVERRIDING SYSTEM VALUE VALUES (3000000000, 5)"
        )
        with pytest.raises(ExecutorError, match="the row id = 3000000000 of"):
            undo(database, plan)
        connection.execute("DELETE FROM orders WHERE id = 3000000000")
        rows = connection.execute(ROWS).fetchall()
        undo(database, plan)
    assert one(connection, TYPES) == OLD
    assert one(connection, SEQUENCE) == "integer 2147483647"
    assert one(connection, KEYS) == 3
    assert connection.execute(ROWS).fetchall() == rows
    found = "SELECT count(*) FROM orders JOIN items ON order_id = orders.id WHERE code = 77 AND items.id = ANY (%s)"
    row = connection.execute(found, [ordered]).fetchone()
    assert row == (len(ordered),) and len(set(ordered)) == len(ordered) > 9
    last = one(connection, "SELECT max(id) FROM orders")
    assert one(connection, "INSERT INTO orders DEFAULT VALUES RETURNING id") == last + 1


#: columns of plans, and the words of what is refused of them
REFUSED: list[tuple[str, list[str]]] = [
    (
        (
            "[{name: code, type: int}, {name: note, type: varchar(9)}, {name: id, type: moon}, {name: yd, type: int},"
            " {name: lost, type: int, expression: code}, {name: none, type: bigint, expression: 'nullif(code, 9)'},"
            " {name: odd, type: int, expression: cod + 1}, {name: at, type: 'timestamptz(3)'}]"
        ),
        [
            "integer would change or refuse the value of the row id = 42",
            "views show it, and a view keeps its types: .*shown",
            "moon is no type",
            "column yd: .*no such column",
            "lost: .*gives no value for the row id = 42",
            '"none": .*gives no value for the row id = 9',
            'refused: column "cod" does not exist',
            "a length or precision is understood of",
        ],
    ),
    (
        "[{name: code, type: smallint}, {name: id, drop: true}, {name: note, drop: true}, {name: at, drop: true}]",
        [
            "smallint would change or refuse the value of the row id =",
            "rows are known by it",
            "while there is .*index .*by_note.*drop that first",
            "it is NOT NULL: say default",
        ],
    ),
    (
        "[{name: id, type: smallint}]",
        ["its sequence gives values beyond that: .*orders_id_seq .at 40000, to 2147483647"],
    ),
    (
        "[{name: id, type: uuid}, {name: code, compression: pglz}]",
        ["does not assign integer to it", "always stored as they are"],
    ),
    (
        (
            "[yd, {type: int}, {name: a}, {name: a, type: 5}, {name: b, drop: true, type: int}, {name: c, type: int, color: red},"
            " {name: d, type: int, expression: nullif(code, 9)}, {name: e, expression: code}, {name: f, storage: far}]"
        ),
        [
            "yd is no column; write",
            "one has no name",
            "a: nothing is said of it",
            "a is there twice",
            "a: type is text",
            "b: one that is dropped has nothing else but a default",
            "c: a column has no color",
            r"d: a column has no 9\)",
            "e: a new column needs a type, too",
            "f: storage is plain, main",
        ],
    ),
    ("[{name: more, type: int, expression: code +}]", ["syntax error"]),
    (
        "[{name: more, type: float, expression: random()}]",
        ["generation expression is not immutable"],
    ),
    (
        "[{name: more, type: bigint, expression: public.theirs(id)}]",
        ["belongs to a role that is not trusted: function .*theirs"],
    ),
    ("[{name: more, type: int, expression: '1', default: one}]", ["cannot use column reference"]),
]


def test_what_can_not_be_had_is_said_before_anything_is_done(
    tmp_path: Path, database: str, connection: Connection
) -> None:
    own = (PLAN % "hash").partition("  columns:")[0]
    connection.execute((TABLES % "serial").encode())
    connection.execute("UPDATE orders SET code = 3000000000 WHERE id = 42")
    connection.execute("SELECT setval('orders_id_seq', 40000)")
    connection.execute(
        "ALTER TABLE orders ALTER at SET NOT NULL; CREATE VIEW shown AS SELECT note FROM orders"
    )
    with role(connection, "stranger") as stranger:
        connection.execute(
            "CREATE FUNCTION theirs(bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT $1';"
            f"ALTER FUNCTION theirs OWNER TO {stranger}".encode()
        )
        for columns, words in REFUSED:
            plan = _plan(tmp_path, own + f"  columns: {columns}\n")
            with pytest.raises(ExecutorError) as refused:
                migrate(database, layout=plan, until="check")
            for said in words:
                assert re.search(said, str(refused.value)), str(refused.value)
        more = "{name: more, type: bigint, expression: public.theirs(id)}"
        plan = _plan(
            tmp_path, own + f"  columns: [{more}, {{name: one, type: int, expression: id / 0}}]\n"
        )
        tmp_path.chmod(0o755)
        done = call("run", plan.plan, "--dry-run", "-v", "--dsn", database)
        dry = done.stdout + done.stderr
        assert "what it calls, and its values, are looked at when the plan is run" in dry
        assert "gives no value for the row id = 1" in dry
        connection.execute("DROP FUNCTION theirs")
    plan = _plan(tmp_path, own + "  column_order: [id, yd]\n")
    with pytest.raises(ExecutorError, match="yd is no column of the new table"):
        migrate(database, layout=plan, until="check")
    assert one(connection, "SELECT to_regclass('orders_new')") is None


CHANGES = """
extends: chunks_100_partitions.yaml
variables:
  source: public.orders
  layout: %s
  key_column: id
  partition_count: 2
  interval: "100"  # of layout range
  ahead: 5
  workers: 1
  columns:
    - {name: id, type: bigint}
    - {name: junk, drop: true, default: "'?'"}
    - {name: total, type: "numeric(12,2)", expression: "price * amount -- as billed", default: "0"}
    - {name: kind, type: text, expression: "CASE WHEN amount > 5 THEN 'large' END", nullable: true}
    - {name: body, storage: external}
    - {name: data, storage: extended, compression: pglz}
  column_order: [id, total, at]
"""
WIDE = """
CREATE TABLE orders (
  note varchar(9) COLLATE "C" DEFAULT 'none' CONSTRAINT one_of CHECK (note IN ('none', 'a', 'b')),
  junk text NOT NULL, id int GENERATED ALWAYS AS IDENTITY CONSTRAINT orders_pk PRIMARY KEY, price numeric NOT NULL, amount int CONSTRAINT has_amount NOT NULL,
  twice int GENERATED ALWAYS AS (amount * 2) STORED, body text, data text, at timestamptz DEFAULT now());
ALTER TABLE orders ALTER COLUMN data SET STORAGE EXTERNAL;
INSERT INTO orders (junk, price, amount, body, data)
SELECT 'j' || n, n / 7.0, n % 10, repeat('b', 9000), repeat(n::text || ' ', 4000) FROM generate_series(1, 200) AS n;
COMMENT ON COLUMN orders.note IS 'what was said';
COMMENT ON COLUMN orders.junk IS 'nobody knows';
COMMENT ON CONSTRAINT one_of ON orders IS 'these only';
ALTER TABLE orders ALTER COLUMN note SET STATISTICS 50, ALTER COLUMN junk SET STATISTICS 40;
CREATE INDEX by_note ON orders (note) WHERE amount > 3;
"""
NAMES = "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attnum > 0 AND NOT attisdropped AND attname <> 'partition_key'"
ALL = "SELECT id, note, price, amount, twice, md5(body), md5(data), at FROM orders ORDER BY id"
HANGING = """
SELECT col_description('orders'::regclass, (SELECT attnum FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'note')),
  (SELECT attcollation::regcollation::text FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'note'),
  (SELECT attstattarget FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'note'),
  (SELECT obj_description(oid, 'pg_constraint') FROM pg_constraint WHERE conrelid = 'orders'::regclass AND conname = 'one_of')"""


@pytest.mark.parametrize("layout", ["list_by_hash", "plain", "range"])
def test_columns_are_new_gone_and_in_another_order(
    layout: str, tmp_path: Path, database: str, connection: Connection
) -> None:
    changed = _plan(tmp_path, CHANGES % layout)
    connection.execute(WIDE.encode())
    as_it_was, hung = one(connection, NAMES), connection.execute(HANGING).fetchone()

    def write(_: object) -> None:
        with psycopg.connect(database, autocommit=True) as other:
            other.execute("INSERT INTO orders (junk, price, amount) VALUES ('new', 3, 9)")
            other.execute("UPDATE orders SET amount = amount + 1 WHERE id % 9 = 0")
            other.execute(
                "DELETE FROM orders WHERE id = (SELECT min(id) FROM orders WHERE id > 60)"
            )

    steps = ("copy_rows", "define_indexes", "verify", "swap")
    migrate(database, layout=changed, at={("StepStarted", step): write for step in steps})
    assert one(connection, NAMES) == "id total at note price amount twice body data kind"
    assert connection.execute(HANGING).fetchone() == hung
    wrong = "SELECT count(*) FROM orders WHERE total IS DISTINCT FROM (price * amount)::numeric(12,2) OR kind IS DISTINCT FROM CASE WHEN amount > 5 THEN 'large' END"
    assert one(connection, wrong) == 0
    kept = "SELECT string_agg(DISTINCT concat(pg_column_compression(body), pg_column_compression(data)), ' ') FROM orders WHERE id < 100"
    assert one(connection, kept) == "pglz"

    # written since: rows that are changed keep what the new table has not
    connection.execute("INSERT INTO orders (price, amount) VALUES (5, 5)")
    assert one(connection, "SELECT total FROM orders ORDER BY id DESC LIMIT 1") == 0
    connection.execute("UPDATE orders SET note = 'a', total = 1 WHERE id = 10")
    rows = connection.execute(ALL).fetchall()
    undo(database, changed)
    assert one(connection, NAMES) == as_it_was
    assert connection.execute(ALL).fetchall() == rows
    assert one(connection, "SELECT junk FROM orders WHERE id = 10") == "j10"
    assert one(connection, "SELECT junk FROM orders ORDER BY id DESC LIMIT 1") == "?"
    assert one(connection, "SELECT count(*) FROM orders WHERE junk = '?'") == 1


@pytest.mark.parametrize("layout", ["plain", "list_by_hash"])
def test_columns_of_what_an_earlier_run_has_made(
    layout: str, tmp_path: Path, database: str, connection: Connection
) -> None:
    """Its own column partition_key goes, or comes anew, beside the plan's."""
    connection.execute(WIDE.encode())
    as_it_was = one(connection, NAMES)
    first = CHANGES.partition("  columns:")[0].replace("partition_count: 2", "partition_count: 3")
    migrate(database, layout=_plan(tmp_path, first % "list_by_hash"))
    changed = _plan(tmp_path, CHANGES % layout)
    migrate(database, layout=changed)
    assert one(connection, NAMES) == "id total at note price amount twice body data kind"
    connection.execute("INSERT INTO orders (price, amount) VALUES (5, 5)")
    connection.execute("UPDATE orders SET note = 'a', total = 1 WHERE id = 10")
    rows = connection.execute(ALL).fetchall()
    undo(database, changed)
    assert one(connection, NAMES) == as_it_was
    assert connection.execute(ALL).fetchall() == rows
    assert one(connection, "SELECT junk FROM orders WHERE id = 10") == "j10"


def test_a_lock_that_is_waited_for_in_vain_is_no_refusal_of_an_expression(
    tmp_path: Path, database: str, connection: Connection
) -> None:
    connection.execute((TABLES % "serial").encode())
    connection.execute(
        "CREATE TABLE rates (id int); CREATE FUNCTION rate(bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE"
        " AS 'BEGIN RETURN $1 + count(*) FROM public.rates; END'"
    )
    own = (PLAN % "plain").partition("  columns:")[0]
    plan = _plan(
        tmp_path, own + "  columns: [{name: more, type: bigint, expression: public.rate(id)}]\n"
    )
    with psycopg.connect(database) as holder:
        holder.execute("LOCK TABLE rates")
        asked = {("Retrying", "check"): lambda _: holder.rollback()}
        events = migrate(database, layout=plan, until="check", at=asked)
    assert "lock timeout" in told(events, "Retrying")[0]


#: counts downwards, beyond what the old type holds
FALLING = """
CREATE TABLE orders (
  id int PRIMARY KEY, at int GENERATED BY DEFAULT AS IDENTITY (INCREMENT BY -1), fall serial);
ALTER SEQUENCE orders_fall_seq INCREMENT BY -1 MINVALUE -2147483648 MAXVALUE -1 START WITH -1 RESTART;
INSERT INTO orders (id) VALUES (1), (2);
"""


def test_a_sequence_that_has_fallen_below_the_old_type_stops_no_rollback(
    tmp_path: Path, database: str, connection: Connection
) -> None:
    connection.execute(FALLING.encode())
    own = (PLAN % "plain").partition("  columns:")[0]
    plan = _plan(
        tmp_path, own + "  columns: [{name: at, type: bigint}, {name: fall, type: bigint}]\n"
    )
    migrate(database, layout=plan)
    for column in ("at", "fall"):
        connection.execute(
            f"SELECT setval(pg_get_serial_sequence('orders', '{column}'), -3000000000)".encode()
        )
    undo(database, plan)
    insert = "INSERT INTO orders (id, {}) VALUES (3, 0)"
    for other, error in (
        ("fall", "SequenceGeneratorLimitExceeded"),
        ("at", "NumericValueOutOfRange"),
    ):
        with pytest.raises(getattr(psycopg.errors, error)):
            connection.execute(insert.format(other).encode())
