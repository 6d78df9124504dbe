"""One migration into which the traps of a live table were set: none of them caught a row."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import psycopg
import pytest

from tests.helpers.command import eventually, one
from tests.helpers.flagship import content
from tests.helpers.live import told
from tests.helpers.trapped import READ, World, trapped


@pytest.fixture(scope="module")
def world(server_dsn: str) -> Iterator[World]:
    with trapped(server_dsn) as made:
        yield made


def test_every_row_is_as_it_was_written(world: World) -> None:
    """Nothing is lost, doubled or changed, whenever it was written and whatever its value."""
    assert content(world.admin, "chunks") == content(world.admin, "twin")
    assert one(world.admin, "SELECT count(*) FROM chunks WHERE n IN (198, 200)") == 0
    assert one(world.admin, "SELECT count(*) FROM chunks WHERE n = 5000") == 15


def test_what_was_set_against_the_plan_was_met_and_told(world: World) -> None:
    """Who is in the way is named, and too much for the lock is put off, not applied."""
    reasons = told(world.events, "Retrying", "swap")
    assert "in the way: pid" in reasons[0]
    # the lock may be given up once more before the many keys are committed
    assert any("more than 3 keys (swap_rows) were written" in reason for reason in reasons[1:])


def test_nothing_of_ours_is_open_between_steps_nor_readable_by_others(world: World) -> None:
    """No transaction is open between steps; default privileges open no log, backup or partition."""
    assert set(world.idle) == {0}
    assert world.readable is None


def test_a_prepared_statement_that_names_its_columns_outlives_the_swap(world: World) -> None:
    """And SELECT * is refused until it is prepared again, as the guide says."""
    client = world.session("client", autocommit=True)
    assert client.execute(READ, ["c1"], prepare=True).fetchall()
    with pytest.raises(psycopg.errors.FeatureNotSupported, match="cached plan must not change"):
        client.execute(READ.replace("id, collection_id, n", "*"), ["c1"], prepare=True)


def test_ids_go_on_when_the_old_table_is_gone(world: World) -> None:
    """The sequence belongs to the new table, no id comes twice."""
    with world.admin.transaction(force_rollback=True):
        old = "SELECT relname FROM pg_class WHERE relname ~ '^chunks_old_[0-9_]+$'"
        back = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'chunks'::regclass"
        assert one(world.admin, back)
        world.admin.execute(f"DROP TABLE {one(world.admin, old)}".encode())
        last = one(world.admin, "SELECT last_value FROM chunks_id_seq")
        world.admin.execute(f"SET LOCAL ROLE {world.owner}".encode())
        text = "INSERT INTO chunks (collection_id) VALUES ('c1') RETURNING id"
        assert one(world.admin, text) == int(str(last)) + 1
        assert one(world.admin, "SELECT pg_get_serial_sequence('chunks', 'id')")
    assert one(world.admin, "SELECT count(*) = count(DISTINCT id) FROM chunks") is True


def test_the_key_is_always_that_of_the_collection(world: World) -> None:
    """Whatever a writer sends, and a row without a collection has no place."""
    right = "SELECT bool_and(partition_key = abs(hashtext(collection_id) % 3)) FROM chunks"
    with world.admin.transaction(force_rollback=True):
        insert = "INSERT INTO chunks (collection_id, partition_key) SELECT id, 55 FROM collections"
        world.admin.execute(insert)
        world.admin.execute("UPDATE chunks SET collection_id = 'c7' WHERE n < 50")
        assert one(world.admin, right) is True
        with pytest.raises(psycopg.Error, match="collection_id"):
            world.admin.execute("INSERT INTO chunks (collection_id) VALUES (NULL)")
    assert one(world.admin, "SELECT count(*) FROM pg_partitioned_table WHERE partdefid <> 0") == 0


def test_the_hash_is_the_one_that_the_plan_was_made_with(world: World) -> None:
    """hashtext is not documented; another value on another version is seen here first."""
    keys = {
        "c1": 43,
        "7b0c3f1e-52a4-4d9b-8c3a-0000ecb7c7b4": 48,
        "": 71,
        "\u00e4": 89,
        "a\u0308": 71,
    }
    found = {text: one(world.admin, f"SELECT abs(hashtext('{text}') % 100)") for text in keys}
    assert found == keys
    wrong = "SELECT count(*) FROM chunks WHERE partition_key <> get_partition_key(collection_id)"
    assert one(world.admin, wrong) == 0


def test_an_update_of_a_row_that_moves_is_to_be_tried_again(world: World) -> None:
    """No update is lost, but where a plain table lets it wait it fails with 40001."""
    world.admin.execute("INSERT INTO chunks (id, collection_id, n) VALUES (-5, 'c1', 0)")
    update = b"UPDATE chunks SET n = n + 1 WHERE id = -5"
    waiting = "SELECT count(*) > 0 FROM pg_locks WHERE NOT granted"
    outcome: list[object] = []

    def wait() -> None:
        with psycopg.connect(world.dsn, autocommit=True) as writer:
            try:
                writer.execute(update)
            except psycopg.errors.SerializationFailure as error:
                outcome.append(error)
                writer.execute(update)

    with psycopg.connect(world.dsn) as mover:
        mover.execute("UPDATE chunks SET collection_id = 'c2' WHERE id = -5")
        thread = threading.Thread(target=wait)
        thread.start()
        eventually(world.admin, waiting, True)
    thread.join()
    assert len(outcome) == 1
    moved = world.admin.execute("DELETE FROM chunks WHERE id = -5 RETURNING collection_id, n")
    assert moved.fetchall() == [("c2", 1)]


def test_deleting_a_collection_reads_no_partition_from_end_to_end(world: World) -> None:
    """The cascade looks into every partition, each time by an index."""
    with world.admin.transaction(force_rollback=True):
        world.admin.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL plan_cache_mode = force_generic_plan"
        )
        world.admin.execute("PREPARE cascade (text) AS DELETE FROM chunks WHERE $1 = collection_id")
        plan = world.admin.execute("EXPLAIN EXECUTE cascade ('c1')").fetchall()
    scans = [row[0] for row in plan if "Scan" in row[0]]
    assert not any("Seq Scan" in scan for scan in scans)
    assert sum("Bitmap Index Scan" in scan or "Index Scan using" in scan for scan in scans) == 3


def test_a_query_with_the_expression_locks_one_partition(world: World) -> None:
    """The others are neither opened nor kept in the memory of the session."""
    with psycopg.connect(world.dsn) as session:
        session.execute(
            "SELECT FROM chunks WHERE collection_id = 'c1' AND abs(hashtext(collection_id::text) % 3) = get_partition_key('c1')"
        )
        locks = "SELECT count(*) FROM pg_locks AS l JOIN pg_class AS c ON c.oid = l.relation WHERE pid = pg_backend_pid() AND c.relname ~ '^chunks_part_[0-9]+$'"
        assert one(session, locks) == 1


@pytest.mark.parametrize("collection", ["c1", "7b0c3f1e-52a4-4d9b-8c3a-0000ecb7c7b4", "", "\u00e4"])
def test_a_query_with_the_key_reads_one_partition(world: World, collection: str) -> None:
    """By the constant that the planner computes from the collection."""
    text = "SELECT id, n FROM chunks WHERE collection_id = {0} AND partition_key = abs(hashtext({0}::text) % 3)"
    literal = f"'{collection}'"
    plan = world.admin.execute(("EXPLAIN " + text.format(literal)).encode()).fetchall()
    assert sum("chunks_part_" in row[0] and " on " in row[0] for row in plan) >= 1
    assert len({part for row in plan for part in row[0].split() if part[:12] == "chunks_part_" and len(part) == 14}) == 1  # fmt: skip
    assert world.admin.execute(text.format(literal).encode()).fetchall()


def test_the_new_table_is_frozen_and_analyzed(world: World) -> None:
    """Statistics of the whole, the visibility map, and a young relfrozenxid."""
    assert one(
        world.admin, "SELECT count(*) FROM pg_stats WHERE tablename = 'chunks' AND inherited"
    )
    leaves = "FROM pg_class WHERE relname ~ '^chunks_part_[0-9]+$' AND relkind = 'r'"
    assert one(world.admin, f"SELECT sum(relallvisible) > 0 {leaves}") is True
    assert one(world.admin, f"SELECT max(age(relfrozenxid)) < 5000 {leaves}") is True


def test_what_stands_on_the_whole_table_stands_on_every_partition(world: World) -> None:
    """One foreign key each, valid indexes, columns in the old order."""
    keys = "SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND conparentid {} 0 AND confrelid = 'collections'::regclass AND conrelid::regclass::text ~ '^chunks'"
    assert one(world.admin, keys.format("=")) == 1
    assert one(world.admin, keys.format("<>")) == 3
    assert (
        one(world.admin, "SELECT count(*) FROM pg_index WHERE NOT (indisvalid AND indisready)") == 0
    )
    one_more = "CREATE TABLE chunks_more PARTITION OF chunks FOR VALUES IN (3)"
    with world.admin.transaction(force_rollback=True):
        world.admin.execute(one_more)
        assert one(
            world.admin, "SELECT indisvalid FROM pg_index WHERE indrelid = 'chunks_more'::regclass"
        )
    names = "SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute WHERE attrelid = '{}'::regclass AND attnum > 0"
    assert one(world.admin, names.format("chunks")) == [
        *one(world.admin, names.format("twin")), "partition_key",  # type: ignore[misc]
    ]  # fmt: skip


def test_counters_have_eight_bytes(world: World) -> None:
    """Of rows, in the registry and in the journal; the log has none that could run out."""
    text = "SELECT array_agg(DISTINCT atttypid::regtype::text) FROM pg_attribute WHERE attname = ANY ('{rows,record_count}') AND attrelid IN ('migration_backups'::regclass, 'executor.iterations'::regclass, 'executor.steps'::regclass)"
    assert one(world.admin, text) == ["bigint"]
    serial = "SELECT count(*) FROM pg_attribute WHERE attrelid::regclass::text ~ '^chunks_back_' AND atthasdef"
    assert one(world.admin, serial) == 0


def test_the_monitoring_counts_what_the_parent_does_not_show(world: World) -> None:
    """The parent has no size and no rows of its own, the views have."""
    world.admin.execute(
        "SELECT pg_stat_force_next_flush()"
    ) if world.admin.info.server_version >= 150000 else time.sleep(1)
    assert one(world.admin, "SELECT pg_relation_size('chunks')") == 0
    assert one(world.admin, "SELECT sum(size_bytes) > 0 FROM partition_health") is True
    assert one(world.admin, "SELECT sum(row_count) > 200 FROM partition_health") is True
