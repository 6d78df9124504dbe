"""Statements read off the parser's tree: what they touch, what is alike, and what was there before."""

from __future__ import annotations

import pytest

from executor.plan.model import Step
from executor.reviews.content import statements
from executor.reviews.locks import Touched, touched
from executor.reviews.origins import Known, Origins
from executor.reviews.statements import Sent, _form, _grouped, _sent, fold
from executor.reviews.tree import Relation
from executor.templating.statements import split

CHUNKS = Relation("public", "chunks")
INDEX = Relation("public", "chunks_k")
KNOWN = {
    CHUNKS: Known(CHUNKS, "r", None, 0),
    INDEX: Known(INDEX, "i", CHUNKS, 0),
}


def read(text: str) -> Touched:
    (statement,) = split(text, "test")
    return touched(statement)


def sent(text: str, step: str = "work") -> list[Sent]:
    return _sent(Step(step, sql="x.sql"), 1, text, 18)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("SELECT * FROM a.t, LATERAL (SELECT FROM b.u) AS x", {"a.t", "b.u"}),
        ("WITH t AS (SELECT FROM a.u) SELECT FROM t", {"a.u"}),
        ("SELECT 'FROM a.t', $$SELECT FROM a.t$$ -- FROM a.t", set()),
        ('INSERT INTO "A"."T" SELECT FROM a.u', {"A.T", "a.u"}),
        ("UPDATE a.t SET x = (SELECT 1 FROM b.u) FROM c.v", {"a.t", "b.u", "c.v"}),
        (
            "CREATE VIEW a.v AS SELECT FROM a.t WHERE EXISTS (SELECT FROM a.u)",
            {"a.v", "a.t", "a.u"},
        ),
        ("DROP TRIGGER x ON a.t", {"a.t"}),
        ("COMMENT ON COLUMN a.t.c IS 'x'", {"a.t"}),
        ("GRANT SELECT ON a.t TO PUBLIC", {"a.t"}),
        ("ALTER TABLE a.t ADD FOREIGN KEY (x) REFERENCES b.u", {"a.t", "b.u"}),
        ("ALTER SEQUENCE a.s OWNED BY a.t.x", {"a.s", "a.t"}),
        ("COPY (SELECT FROM a.t) TO STDOUT", {"a.t"}),
        ("CREATE TYPE a.mood AS ENUM ()", set()),
    ],
)
def test_a_statement_names_these_relations(text, names):
    assert {str(relation) for relation in read(text).relations} == names


@pytest.mark.parametrize("text", ["DO $$BEGIN END$$", "CALL a.p()"])
def test_a_block_is_said_not_to_be_read(text):
    assert read(text).body


def test_the_statements_of_a_block_are_read():
    block = "DO $$BEGIN IF EXISTS (SELECT FROM a.t) THEN ALTER TABLE a.u ADD x int; END IF; END$$"
    assert {str(lock.relation): lock.mode for lock in read(block).locks} == {
        "a.t": "ACCESS SHARE",
        "a.u": "ACCESS EXCLUSIVE",
    }
    assert not read(block).unread
    assert read("DO $$DECLARE n int; BEGIN n := a.f(); END$$").calls == (("a", "f"),)


@pytest.mark.parametrize("body", ["EXECUTE 'DROP TABLE a.t'", "this is no plpgsql"])
def test_a_block_that_makes_statements_is_not_read(body):
    assert read(f"DO $$BEGIN {body}; END$$").unread


@pytest.mark.parametrize(
    ("body", "asks"),
    [
        ("IF EXISTS (SELECT FROM a.t) THEN RAISE EXCEPTION 'no'; END IF", True),
        ("PERFORM FROM a.t FOR UPDATE", False),
        ("PERFORM a.f()", False),
        ("CALL a.p()", False),
        ("GRANT SELECT ON a.t TO PUBLIC", False),
        ("ALTER TABLE a.new RESET (fillfactor)", False),
        ("WITH gone AS (DELETE FROM a.t RETURNING 1) SELECT FROM gone", False),
        ("EXECUTE 'SELECT 1'", False),
    ],
)
def test_a_block_that_only_asks_is_known(body, asks):
    assert read(f"DO $$BEGIN {body}; END$$").asks is asks


def test_a_function_that_is_not_postgresqls_own_is_named():
    assert read("SELECT now(), a.f(1), pg_temp.g()").calls == (("a", "f"), ("pg_temp", "g"))


def test_a_function_with_the_rights_of_its_owner_is_known():
    text = "CREATE FUNCTION a.f() RETURNS int LANGUAGE sql {} AS 'SELECT 1'"
    assert read(text.format("SECURITY DEFINER")).defined == (("a", "f"), True)
    assert read(text.format("")).defined == (("a", "f"), False)


def test_comments_before_a_statement_are_its_reason_and_no_part_of_it():
    first, second = sent("-- why\n-- so\nSELECT 1; /* then */ SELECT '-- this';\n-- end\n")
    assert (first.comment, first.text) == ("why so", "SELECT 1")
    assert (second.comment, second.text) == ("then", "SELECT '-- this'")


def test_iterations_of_the_same_form_stand_once():
    texts = [f"CREATE TABLE a.t_{n:02} (); GRANT SELECT ON a.t_{n:02} TO x" for n in range(30)]
    folded = list(_grouped((item for text in texts for item in sent(text)), _form))
    assert [(item.times, item.touched.kind) for item in folded] == [
        (30, "CREATE TABLE"),
        (30, "GRANT"),
    ]


def test_an_iteration_that_touches_something_else_stands_alone():
    texts = ["TRUNCATE a.t_1", "TRUNCATE a.t_2", "TRUNCATE a.other"]
    folded = [
        (item.text, item.times)
        for item in _grouped((item for text in texts for item in sent(text)), _form)
    ]
    assert folded == [("TRUNCATE a.t_1", 2), ("TRUNCATE a.other", 1)]


def test_statements_of_a_step_that_differ_in_numbers_are_folded():
    (one,) = fold(sent("DROP TABLE a.t_1; DROP TABLE a.t_2"))
    assert one.times == 2


def sorted_by(text: str) -> tuple[list[str], list[str], list[str], list[str]]:
    found = statements(sent(text), Origins(KNOWN))
    kinds = (found.existing, found.reading, found.new, found.blocks)
    return tuple([line.sql for line in lines] for lines in kinds)  # type: ignore[return-value]


def test_statements_are_sorted_by_what_was_there_before():
    existing, reading, new, blocks = sorted_by(
        "LOCK TABLE public.chunks; SELECT FROM public.chunks; CREATE TABLE public.n (); DO 'BEGIN END'"
    )
    assert existing == ["LOCK TABLE public.chunks"]
    assert reading == ["SELECT FROM public.chunks"]
    assert new == ["CREATE TABLE public.n ()"]
    assert blocks == ["DO 'BEGIN END'"]


def test_a_name_that_changes_hands_is_followed():
    existing, _, new, _ = sorted_by(
        "ALTER TABLE public.chunks RENAME TO chunks_old;"
        "ALTER TABLE public.chunks_new RENAME TO chunks;"
        "ALTER TABLE public.chunks OWNER TO y;"
        "ALTER TABLE public.chunks_old OWNER TO x;"
        "DROP TABLE public.chunks_old;"
        "CREATE TABLE public.chunks_old ()"
    )
    assert existing == [
        "ALTER TABLE public.chunks RENAME TO chunks_old",
        "ALTER TABLE public.chunks OWNER TO y",  # which is in its place now
        "ALTER TABLE public.chunks_old OWNER TO x",
        "DROP TABLE public.chunks_old",
    ]
    assert new[-1] == "CREATE TABLE public.chunks_old ()"


def test_a_table_is_still_there_when_a_part_of_it_is_dropped():
    existing, _, new, _ = sorted_by(
        "ALTER TABLE public.chunks DROP CONSTRAINT a; DROP TRIGGER b ON public.chunks;"
        "ALTER TABLE public.chunks DROP COLUMN c; TRUNCATE public.chunks"
    )
    assert len(existing) == 4
    assert new == []


def test_what_a_dropped_foreign_key_refers_to_is_locked_with_it():
    other = Relation("public", "other")
    known = {**KNOWN, CHUNKS: Known(CHUNKS, "r", None, 0, {"fk": other})}
    text = "ALTER TABLE public.chunks DROP CONSTRAINT fk, DROP CONSTRAINT a_check"
    (line,) = statements(sent(text), Origins(known)).existing
    assert [(lock.relation, lock.mode) for lock in line.locks] == [
        ("public.chunks", "ACCESS EXCLUSIVE"),
        ("public.other", "ACCESS EXCLUSIVE"),
    ]


def test_the_table_of_an_index_is_locked_with_it():
    found = statements(sent("DROP INDEX public.chunks_k"), Origins(KNOWN))
    (line,) = found.existing
    assert [(lock.relation, lock.mode) for lock in line.locks] == [
        ("public.chunks_k", "ACCESS EXCLUSIVE"),
        ("public.chunks", "ACCESS EXCLUSIVE"),
    ]


def test_a_grant_is_about_what_was_there_before_without_a_lock():
    found = statements(
        _sent(Step("s", sql="x"), 1, "GRANT SELECT ON public.chunks TO x", 14), Origins(KNOWN)
    )
    (line,) = found.existing
    assert line.locks == ()


def test_a_publication_was_there_before_unless_the_plan_makes_one():
    text = "ALTER PUBLICATION dwh SET (publish_via_partition_root = true)"
    found = statements(sent(text), Origins(KNOWN))
    assert ([line.sql for line in found.existing], found.new) == ([text], ())
    own = statements(sent(f"CREATE PUBLICATION dwh;\n{text}"), Origins(KNOWN))
    assert (own.existing, [line.sql for line in own.new][1:]) == ((), [text])
