"""A statement of an application, written anew for another table."""

from __future__ import annotations

import pytest

from executor.templating.names import Name
from executor.templating.rewriting import (
    Bound,
    Query,
    UnreadableError,
    constants,
    said_before,
    value_of,
)

OLD, NEW = Name("public", "chunks"), Name("public", "chunks_new")
LOOKUP = "SELECT FROM t WHERE k = $1 AND abs(hashtext(k::text) % 9) = abs(hashtext(($1::uuid)::text) % 9)"

RENAMED = [
    ("SELECT chunks.a, public.chunks.b FROM chunks", "SELECT chunks.a, chunks.b FROM public.chunks_new chunks"),
    ("SELECT 'chunks', c.chunks FROM public.chunks c", "SELECT 'chunks', c.chunks FROM public.chunks_new c"),
    ("SELECT 1 FROM other.chunks", "SELECT 1 FROM other.chunks"),
    ("WITH chunks AS (SELECT 1 FROM public.chunks) SELECT 1 FROM chunks",
     "WITH chunks AS (SELECT 1 FROM public.chunks_new chunks) SELECT 1 FROM chunks"),
    ("WITH x AS (SELECT 1 FROM chunks), chunks AS (SELECT 1 FROM chunks), y AS (SELECT 1 FROM chunks) SELECT 1 FROM chunks",
     "WITH x AS (SELECT 1 FROM public.chunks_new chunks), chunks AS (SELECT 1 FROM public.chunks_new chunks), y AS (SELECT 1 FROM chunks) SELECT 1 FROM chunks"),
    ("WITH RECURSIVE chunks AS (SELECT 1 FROM chunks) INSERT INTO chunks SELECT * FROM chunks",
     "WITH RECURSIVE chunks AS (SELECT 1 FROM chunks) INSERT INTO public.chunks_new AS chunks SELECT * FROM chunks"),
    ("SELECT 1 FROM chunks FOR UPDATE OF chunks", "SELECT 1 FROM public.chunks_new chunks FOR UPDATE OF chunks"),
    ("INSERT INTO chunks (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = chunks.a + 1",
     "INSERT INTO public.chunks_new AS chunks (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = chunks.a + 1"),
    ("DELETE FROM ONLY chunks WHERE EXISTS (SELECT 1 FROM chunks x)",
     "DELETE FROM ONLY public.chunks_new chunks WHERE EXISTS (SELECT 1 FROM public.chunks_new x)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), RENAMED)
def test_only_the_table_is_another(text: str, expected: str) -> None:
    assert str(Query.read(text).for_table(OLD, NEW, bare=True)) == expected


def test_a_name_alone_is_left_where_it_means_another_table() -> None:
    text = "SELECT 1 FROM chunks JOIN public.chunks c ON true"
    other = str(Query.read(text).for_table(OLD, NEW, bare=False))
    assert other == "SELECT 1 FROM chunks JOIN public.chunks_new c ON true"


def test_parameters_are_known_by_what_they_are_compared_with() -> None:
    text = (
        "SELECT $1 FROM chunks c WHERE c.a = $2 AND $3 < b AND d BETWEEN $4 AND $5 AND e = ANY($6) AND f IN ($7 /*, ... */)"
        " AND g > now() - interval $8 AND x = y AND f($9) LIMIT $10 OFFSET $11"
    )
    assert Query.read(text).parameters == {
        1: Bound("", ""), 2: Bound("a"), 3: Bound("b", "latest"), 4: Bound("d", "late"), 5: Bound("d", "latest"),
        6: Bound("e", array=True), 7: Bound("f"), 8: Bound("g", "late"), 9: None, 10: Bound("", "10"), 11: Bound("", "0"),
    }  # fmt: skip


def test_a_pattern_is_looked_for_within_values() -> None:
    (bound,) = Query.read("SELECT 1 FROM t WHERE a ILIKE $1").parameters.values()
    assert bound == Bound("a", pattern=True)
    assert value_of(bound, {"a": {"middle": r"50%_\'s off and more"}}) == "'%50''s %'"


def test_a_lookup_narrows_each_place_that_says_the_key() -> None:
    query = Query.read("SELECT 1 FROM t c WHERE $2 = c.k OR (c.k > $1 AND k IN ($3))")
    narrowed, said = query.narrowed(LOOKUP) or ("", "")
    assert said == "abs(hashtext(c.k::text) % 9) = abs(hashtext($2::uuid::text) % 9)"
    assert (
        str(narrowed)
        == f"SELECT 1 FROM t c WHERE ($2 = c.k AND {said}) OR (c.k > $1 AND k IN ($3))"
    )
    assert query.narrowed("SELECT FROM t WHERE k = $1") is None
    assert query.narrowed("SELECT FROM t WHERE true AND k = $1") is None


def test_constants_that_were_lost_are_those_of_the_lookup() -> None:
    said = "abs(hashtext(c.k::text) % $2) = abs(hashtext($3::text) % $4)"
    assert Query.read(f"SELECT 1 FROM t c WHERE c.k = $1 AND {said}").restored(LOOKUP) == {2: "9", 4: "9"}  # fmt: skip
    several = "abs(hashtext((c.k)::text) % $2) IN (abs(hashtext($3) % $4), abs(hashtext(($5)::text) % $6))"
    assert Query.read(f"SELECT 1 FROM t c WHERE c.k IN ($1) AND {several}").restored(LOOKUP) == {2: "9", 4: "9", 6: "9"}  # fmt: skip
    other = said.replace("c.k", "c.other")
    assert Query.read(f"SELECT 1 FROM t c WHERE c.k = $1 AND {other}").restored(LOOKUP) == {}


@pytest.mark.parametrize(
    "text", ["SELEC 1", "SELECT 1; SELECT 2", "", "DROP TABLE chunks", "COPY chunks TO PROGRAM 'x'", "SELECT " + "(" * 900 + "1" + ")" * 900, "SELECT " + "f(" * 300 + "1" + ")" * 300],
)  # fmt: skip
def test_what_is_not_one_statement_with_a_plan_is_refused(text: str) -> None:
    try:
        str(Query.read(text).for_table(OLD, NEW, bare=True))
    except UnreadableError:
        return
    assert text.startswith("SELECT (")  # parentheses alone nest nothing


#: a name that ends what stands before it, and goes on as a statement
ODD = "() FROM chunks;COMMIT;ALTER ROLE bob SUPERUSER;--"


@pytest.mark.parametrize(
    "text",
    [
        f'SELECT sum(id) OVER "{ODD}" FROM chunks WINDOW "{ODD}" AS ()',
        f'SELECT f("{ODD}" => 1) FROM chunks',
        f'SELECT 1 FROM chunks JOIN d USING (id) AS "{ODD}"',
        'SELECT rank() OVER "W" FROM chunks WINDOW "W" AS ()',
    ],
)
def test_a_name_never_becomes_a_statement(text: str) -> None:
    with pytest.raises(UnreadableError, match="can't be written anew"):
        Query.read(text)


@pytest.mark.parametrize("name", [ODD, "a'b", 'a""b', "a\\'; SELECT 1", "é\n$$/*"])
def test_other_names_and_texts_stay_what_they_are(name: str) -> None:
    text = name.replace("'", "''")
    said = f"""SELECT '{text}', "{name}".x AS "{name}" FROM chunks "{name}" WHERE f("{name}"."{name}") COLLATE "{name}" = '{text}'"""
    query = Query.read(said)
    assert Query.read(str(query)).names == query.names


def test_what_makes_a_value_of_a_type_names_it() -> None:
    text = "SELECT evil._a('{1}'), ('{1}'::text)._b, '{1}'::evil.c, d FROM chunks"
    assert {"_a", "_b", "c"} <= Query.read(text).types
    assert "d" not in Query.read(text).types


def test_what_is_said_of_another_table_is_not_said_of_this_one() -> None:
    other = Query.read("SELECT 'ctid' FROM chunks JOIN ONLY d ON true")
    assert (other.by_only(OLD), other.uses_ctid) == (False, False)
    this = Query.read("SELECT c.ctid FROM ONLY public.chunks c")
    assert (this.by_only(OLD), this.uses_ctid) == (True, True)


@pytest.mark.parametrize("text", ["f(1)", "1; DROP TABLE x", "1 FROM t", "(SELECT 1)", "", "a", "1 WHERE true"])  # fmt: skip
def test_values_are_constants_alone(text: str) -> None:
    with pytest.raises(UnreadableError):
        constants(text)


def test_values_and_calls_are_read_of_the_comments_before() -> None:
    assert constants("'a', -1, true, NULL, '2025-01-01'::date") == ["'a'", "-1", "true", "NULL", "'2025-01-01'::date"]  # fmt: skip
    lines = ["-- calls: 1", "SELECT 1;", "-- calls: 2", " -- values: 'a:b'", "-- nothing"]
    assert dict(said_before(lines)) == {"calls": "2", "values": "'a:b'"}
