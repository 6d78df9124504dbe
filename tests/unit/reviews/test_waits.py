"""How long others wait for a table, as a transaction's statements let it be known."""

from __future__ import annotations

import pytest

from executor.plan.model import Retry, Step
from executor.reviews.origins import Known, Origins
from executor.reviews.statements import Transaction, _sent
from executor.reviews.tree import Relation
from executor.reviews.waits import Wait, Waiting, by_table, clocked, retried, together, waits

T, U, V = (Relation("a", name) for name in "tuv")
KNOWN = {T: Known(T, "r", None, 0), U: Known(U, "r", None, 0), V: Known(V, "v", None, 0)}
SETTINGS = {"lock_timeout": "200ms", "statement_timeout": "0"}


def walked(*texts: str, settings: dict[str, str] = SETTINGS, times: int = 1) -> list[Wait]:
    """The waits for transactions, each given as a text."""
    found = []
    for text in texts:
        step = Step("work", sql="x.sql")
        found.append(Transaction(step, 1, times, tuple(_sent(step, 1, text, 18))))
    return waits(found, Origins(KNOWN), settings)


def told(*texts: str) -> list[tuple[str, bool, float, float]]:
    return [
        (one.relation, one.readers, one.asked or 0.0, round(one.held, 3)) for one in walked(*texts)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT FROM a.t",
        "INSERT INTO a.t SELECT FROM a.u",
        "LOCK TABLE a.t IN SHARE UPDATE EXCLUSIVE MODE",
        "ALTER TABLE a.new ADD COLUMN x int",
        "CREATE VIEW a.w AS SELECT FROM a.t",
    ],
)
def test_nobody_waits_who_reads_or_writes(text):
    assert told(text) == []


def test_a_lock_is_held_to_the_end_of_its_transaction():
    lock = "LOCK TABLE a.t IN SHARE ROW EXCLUSIVE MODE;"
    assert told(lock + "COMMENT ON TABLE a.t IS 'x';" * 3) == [("a.t", False, 0.2, 0.003)]
    assert told(lock, "COMMENT ON TABLE a.t IS 'x'") == [("a.t", False, 0.2, 0.0)]


def test_who_holds_one_lock_waits_for_the_next():
    assert told("LOCK TABLE a.t IN SHARE MODE; LOCK TABLE a.u IN ACCESS EXCLUSIVE MODE") == [
        ("a.t", False, 0.2, 0.2),
        ("a.u", True, 0.2, 0.0),
    ]


def test_readers_wait_from_the_stronger_lock_on():
    text = "LOCK TABLE a.t IN SHARE MODE; COMMENT ON TABLE a.t IS 'x'; ALTER TABLE a.t ADD x int"
    assert told(text) == [("a.t", False, 0.2, 0.202), ("a.t", True, 0.2, 0.001)]


def test_what_the_statements_set_limits_the_wait_and_the_work():
    text = "SET LOCAL lock_timeout = '10s'; SET LOCAL statement_timeout = '50ms'; ALTER TABLE a.t ADD x int; DO 'BEGIN END'"
    assert told(text) == [("a.t", True, 0.05, 0.051)]
    assert walked("ALTER TABLE a.t ADD x int", settings={})[0].asked is None


def test_a_clock_limits_how_long_it_is_held():
    text = "LOCK TABLE a.t IN ACCESS EXCLUSIVE MODE; SELECT set_config('executor.locked_at', '', true); DO 'BEGIN END'; CALL pg_temp.executor_clock('500ms'); ALTER TABLE a.t RENAME TO x; CALL pg_temp.executor_clock('500ms'); CREATE OR REPLACE VIEW a.v AS SELECT FROM a.u"
    found = walked(text)
    assert [(one.relation, one.held, one.limited) for one in found] == [
        ("a.t", 0.5, True),
        ("a.v", 0.5, True),
    ]


def test_of_a_clock_it_is_said_from_which_lock_on_it_counts():
    before = "LOCK TABLE a.u IN SHARE ROW EXCLUSIVE MODE; COMMENT ON TABLE a.u IS 'x';"
    text = "LOCK TABLE a.t IN ACCESS EXCLUSIVE MODE; SELECT set_config('executor.locked_at', '', true); CALL pg_temp.executor_clock('500ms'); DROP VIEW a.v"
    (told,) = clocked(walked(before + text))
    assert told == (
        "work has 500 ms from its ACCESS EXCLUSIVE on a.t to the end of the transaction; what it"
        " locks before that is held longer: a.u (SHARE ROW EXCLUSIVE)"
    )
    assert "longer" not in next(clocked(walked(text)))
    assert not list(clocked(walked("LOCK TABLE a.t IN ACCESS EXCLUSIVE MODE")))


def test_rows_that_are_read_under_the_lock_are_said_to_be():
    assert walked("ALTER TABLE a.t ADD CHECK (x > 0)")[0].reads
    assert not walked("ALTER TABLE a.t ADD x int")[0].reads
    (line,) = by_table(walked("CREATE INDEX ON a.t (x)"), "a.t")
    assert line.writers.endswith("and the time to read its rows")


def test_the_waits_of_writers_alone_are_told_with_the_mode():
    weak = "LOCK TABLE a.t IN SHARE MODE"
    (line,) = by_table(walked(weak, "LOCK TABLE a.t IN ACCESS EXCLUSIVE MODE"), "a.t")
    assert line == Waiting("a.t", "work 200 ms + about 1 ms", "SHARE: work 200 ms + about 1 ms")


def test_a_table_that_was_renamed_is_out_of_use():
    text = "ALTER TABLE a.t RENAME TO old"
    assert told(text, "ALTER TABLE a.old ADD x int") == [("a.t", True, 0.2, 0.001)]


def test_a_key_that_adopts_those_of_partitions_locks_out_readers_of_what_it_refers_to():
    plain = "ALTER TABLE a.new ADD FOREIGN KEY (x) REFERENCES a.u"
    assert told("CREATE TABLE a.new (x int)", plain) == [("a.u", False, 0.2, 0.001)]
    parts = "CREATE TABLE a.p PARTITION OF a.new FOR VALUES IN (1);" * 30
    made = "CREATE TABLE a.new (x int) PARTITION BY LIST (x);"
    assert told(made + parts, plain) == [("a.u", True, 0.2, 0.03)]
    moved = "ALTER TABLE a.new RENAME TO next"
    assert told(made, moved, plain.replace("new", "next"))[0][1]


def test_what_is_locked_together_and_tried_again_is_said():
    found = walked("LOCK TABLE a.t IN SHARE MODE; LOCK TABLE a.u IN SHARE MODE")
    assert together(found) == "work: a.t, a.u"
    how = Retry(("lock_timeout", "not_ready"), 7, (0.5, 2.0), prepare="catch")
    (text,) = retried([Step("work", retry=how), Step("other")], found)
    assert text.startswith("work: after a timeout or a sign that it is not ready")
    assert "each after another catch; up to 7 attempts, 0.5 to 2 s apart" in text
