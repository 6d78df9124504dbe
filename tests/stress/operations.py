"""What a writer may do: every operation writes the same to the table and to its shadow.

The values come from the writer and never from the table, and both statements must touch equally many
rows: a difference is seen at once, not only at the end. Nobody else writes to a writer's collections.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.stress.tables import CHUNKS, COLUMNS, CONFIGS, NAMES, SHADOW

if TYPE_CHECKING:
    from tests.stress.session import Session as Writer

Row = tuple[Any, ...]
_SLOTS = ", ".join(["%s"] * len(COLUMNS))


def new_row(w: Writer, collection: str) -> Row:
    """A row for a collection of the writer."""
    documents = w.documents.get(collection)
    number = w.number()
    return (
        w.new_id(number),
        collection,
        w.rng.choice(documents) if documents and w.rng.random() < 0.8 else None,
        w.rng.choice((*CONFIGS, *w.configs)) if w.rng.random() < 0.3 else w.rng.choice(CONFIGS),
        w.new_index(number),
        w.rng.choice((None, "", f"new {number} ä€", "x" * w.rng.randint(1, 300))),
        w.rng.choice((None, 0, number % 1000)),
        w.new_time(number),
        json.dumps({"n": number}, indent=w.rng.choice((None, 1))),
    )


def put(w: Writer, rows: list[Row], into: str = CHUNKS, extra: str = "") -> None:
    """Insert rows into the table, or a leaf of it, and into the shadow."""
    for table in (into, SHADOW):
        names, slots = w.with_key(table, NAMES, _SLOTS)
        values = [v for row in rows for v in (*row, *w.key_of(table, row[1]))]
        text = f"INSERT INTO {table} ({names}) VALUES {', '.join([f'({slots})'] * len(rows))}"
        w.execute(text + (extra if table == into else ""), values)
        w.expect(len(rows))


def insert(w: Writer) -> None:
    put(w, [new_row(w, w.collection())])


def insert_with_defaults(w: Writer) -> None:
    """The table chooses id and created_at, and says so."""
    row = new_row(w, w.collection())
    names, slots = w.with_key(CHUNKS, ", ".join(COLUMNS[1:7]), ", ".join(["%s"] * 6))
    values = [*row[1:7], *w.key_of(CHUNKS, row[1])]
    text = f"INSERT INTO {CHUNKS} ({names}) VALUES ({slots}) RETURNING id, created_at"
    chosen = w.execute(text, values).fetchone()
    assert chosen
    shadow = (chosen[0], *row[1:7], chosen[1], None)
    w.execute(f"INSERT INTO {SHADOW} ({NAMES}) VALUES ({_SLOTS})", shadow)


def insert_many(w: Writer) -> None:
    put(w, [new_row(w, w.collection()) for _ in range(w.rng.randint(2, 15))])


def insert_or_nothing(w: Writer) -> None:
    """Half of the rows are there already; these have no effect."""
    row = new_row(w, w.collection())
    put(w, [row])
    names, slots = w.with_key(CHUNKS, NAMES, _SLOTS)
    values = [*row, *w.key_of(CHUNKS, row[1])]
    w.execute(f"INSERT INTO {CHUNKS} ({names}) VALUES ({slots}) ON CONFLICT DO NOTHING", values)
    w.expect(0)


def copy(w: Writer) -> None:
    rows = [new_row(w, w.collection()) for _ in range(w.rng.randint(1, 40))]
    for table in (CHUNKS, SHADOW):
        names, _ = w.with_key(table, NAMES, "")
        full = [(*row, *map(w.partition_of, w.key_of(table, row[1]))) for row in rows]
        with w.cursor.copy(f"COPY {table} ({names}) FROM STDIN".encode()) as stream:
            for row in full:
                stream.write_row(row)


def update(w: Writer) -> None:
    """One row, known by its id alone or by its collection too."""
    if (chosen := w.some_row()) is None:
        return
    narrow = w.rng.random() < 0.5
    where = "id = %s AND collection_id = %s" if narrow else "id = %s"
    change = w.rng.choice(
        (
            "content = left(coalesce(content, '') || %(text)s, 400)",
            "content = NULL, token_count = NULL, meta = NULL, document_id = NULL",
            "content = content",
            "token_count = coalesce(token_count, 0) + 1, content = repeat('y', 200)",
        )
    ).replace("%(text)s", f"'+{w.number()}'")
    w.both(f"UPDATE {{t}} SET {change} WHERE {where}", chosen if narrow else chosen[:1])


def update_many(w: Writer) -> None:
    change = w.rng.choice(
        (
            "content = left(coalesce(content, '') || 'm', 400)",
            "token_count = NULL",
            "content = repeat(md5(chunk_index::text), 8), token_count = coalesce(token_count, 0) + 1",
        )
    )
    w.both(f"UPDATE {{t}} SET {change} WHERE collection_id = %s AND {w.slice()}", [w.collection()])


def move(w: Writer) -> None:
    """One row, or a slice of a collection, changes to another collection."""
    there = w.collection()
    set_key = "collection_id = %s{key}"
    if w.rng.random() < 0.5 and (chosen := w.some_row()) is not None:
        w.both(f"UPDATE {{t}} SET {set_key} WHERE id = %s", [chosen[0]], there)
    else:
        where = f"collection_id = %s AND {w.slice()}"
        w.both(f"UPDATE {{t}} SET {set_key} WHERE {where}", [w.collection()], there)


def move_on(w: Writer) -> None:
    """One row, or a slice of a collection, gets another value of a column that divides the table."""
    column = w.rng.choice(sorted(w.world.scenario.columns))
    if column == "chunk_index":
        value: object = w.new_index(w.number())
    elif column == "created_at":
        value = w.new_time(w.number())
    else:
        value = w.rng.choice((*CONFIGS, *w.configs))
    if column == "chunk_index" or w.rng.random() < 0.5:  # two rows may not have the same index
        if (chosen := w.some_row()) is not None:
            w.both(f"UPDATE {{t}} SET {column} = %s WHERE id = %s", [value, chosen[0]])
    else:
        where = f"collection_id = %s AND {w.slice()}"
        w.both(f"UPDATE {{t}} SET {column} = %s WHERE {where}", [value, w.collection()])


def change_id(w: Writer) -> None:
    if (chosen := w.some_row()) is not None:
        w.both("UPDATE {t} SET id = %s WHERE id = %s", [w.new_id(w.number()), chosen[0]])


def delete(w: Writer) -> None:
    if (chosen := w.some_row()) is not None:
        w.both("DELETE FROM {t} WHERE id = %s", chosen[:1])


def delete_many(w: Writer) -> None:
    w.both(f"DELETE FROM {{t}} WHERE collection_id = %s AND {w.slice()}", [w.collection()])


def delete_and_insert(w: Writer) -> None:
    """The same id again, in the same transaction, in the same collection or another one."""
    if (chosen := w.some_row()) is None:
        return
    w.both("DELETE FROM {t} WHERE id = %s", chosen[:1])
    collection = chosen[1] if w.rng.random() < 0.5 else w.collection()
    put(w, [(chosen[0], *new_row(w, collection)[1:])])


def replace_in_one_statement(w: Writer) -> None:
    """Rows are deleted and inserted again, elsewhere, by one statement."""
    names = ", ".join(COLUMNS[2:])
    w.both(
        f"WITH gone AS (DELETE FROM {{t}} WHERE collection_id = %s AND {w.slice()} RETURNING {NAMES})"
        f" INSERT INTO {{t}} (id, collection_id{{name}}, {names}) SELECT id, %s{{value}}, {names} FROM gone",
        [w.collection()],
        w.collection(),
        after=True,
    )


def upsert(w: Writer) -> None:
    row = new_row(w, w.collection())
    known = w.some_row()
    if known and w.rng.random() < 0.5:
        row = (*known[:2], *row[2:])
    w.both("UPDATE {t} SET content = 'upserted' WHERE id = %s AND collection_id = %s", row[:2])
    if w.cursor.rowcount == 0:
        put(w, [row], extra=" ON CONFLICT DO NOTHING")


def truncate(w: Writer) -> None:
    w.execute(f"TRUNCATE {CHUNKS}")
    w.execute(f"DELETE FROM {SHADOW}")
    w.world.counts["truncates"] += 1


def write_to_leaf(w: Writer) -> None:
    """Past the table, straight to the leaf that holds a collection."""
    collection = w.collection()
    text = f"SELECT tableoid::regclass::text, id FROM {CHUNKS} WHERE collection_id = %s LIMIT 1"
    found = w.execute(text, [collection]).fetchone()
    if found is None:
        return
    leaf, known = found
    if w.world.scenario.columns:
        _write_to_leaf_of(w, leaf, known)
    elif w.rng.random() < 0.3:
        put(w, [new_row(w, collection)], into=leaf)
    elif w.rng.random() < 0.5:
        change = f"SET content = 'leaf' WHERE collection_id = %s AND {w.slice()}"
        w.both(f"UPDATE {{t}} {change}", [collection], table=leaf)
    else:
        w.both(
            f"DELETE FROM {{t}} WHERE collection_id = %s AND {w.slice()}", [collection], table=leaf
        )


def _write_to_leaf_of(w: Writer, leaf: str, known: Any) -> None:
    """Where the row of that id is, which says in other columns than its collection where that is."""
    same = ("collection_id", "chunk_index", "created_at::text", "chunking_config_id")
    row = w.execute(f"SELECT {', '.join(same)} FROM {SHADOW} WHERE id = %s", [known]).fetchone()
    if row is None:
        w.differs(f"{known} is in {leaf} and not in the shadow")
        return
    kind = w.rng.random()
    if kind < 0.3:  # no other has its index in its document
        new = dict(zip(COLUMNS, new_row(w, row[0]), strict=True))
        new |= {
            "document_id": None,
            "chunk_index": row[1],
            "created_at": row[2],
            "chunking_config_id": row[3],
        }
        put(w, [tuple(new.values())], into=leaf)
    elif kind < 0.65:
        w.both("UPDATE {t} SET content = 'leaf' WHERE id = %s", [known], table=leaf)
    else:
        w.both("DELETE FROM {t} WHERE id = %s", [known], table=leaf)


def write_beside_temporary_table(w: Writer) -> None:
    """The session has a temporary table named as the log, which must stay empty."""
    text = r"SELECT relname FROM pg_class WHERE relpersistence = 'p' AND relkind = 'r' AND relname ~ '^chunks_(log|back)_'"
    names = [row[0] for row in w.execute(text).fetchall()]
    columns = "(id text, collection_id text) ON COMMIT DROP"
    for name in names:
        w.execute(f"CREATE TEMPORARY TABLE IF NOT EXISTS pg_temp.{name} {columns}")
    update_many(w)
    move(w)
    insert_many(w)
    for name in names:
        w.execute(f"SELECT FROM pg_temp.{name}")
        w.expect(0)


def look(w: Writer) -> None:
    """What a writer reads of its own rows is what it wrote, in every transaction."""
    digest = f"SELECT count(*), sum(hashtextextended(ROW({NAMES})::text, 0)) FROM {{t}} AS r WHERE collection_id = %s"
    collection = w.collection()
    seen = [w.execute(digest.format(t=t), [collection]).fetchone() for t in (CHUNKS, SHADOW)]
    if seen[0] != seen[1]:
        w.differs(f"collection {collection}: {seen[0]} in the table, {seen[1]} in the shadow")


Operation = Callable[["Writer"], None]

#: how often each is done
OPERATIONS: dict[Operation, int] = {
    insert: 10, insert_with_defaults: 8, insert_many: 5, insert_or_nothing: 3, copy: 4,
    update: 20, update_many: 6, move: 12, change_id: 5, delete: 8, delete_many: 2,
    delete_and_insert: 8, replace_in_one_statement: 4, upsert: 6, look: 6,
    write_to_leaf: 6, write_beside_temporary_table: 2,
}  # fmt: skip

#: and of tables that are divided by other columns than collection_id
WITH_COLUMNS: dict[Operation, int] = {move_on: 12}
