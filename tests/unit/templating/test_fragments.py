"""What PostgreSQL prints of its catalog hides nothing from who reads it."""

from __future__ import annotations

import postgast
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from executor.templating.names import MAX_BYTES, hides
from executor.templating.statements import fragment, split

few = settings(max_examples=50, deadline=None, database=None)
signs = st.sampled_from(
    ["'", '"', "\\", "$$", "$executor$", "--", "/*", "*/", ";", "\n", "\r", "\f", "\x1b[2J", "\x85",
     "\u200b", "\u00ad", "\u2060", "\u202e", "\ufe0f", "\ufeff", "\U000e0041", "é", "a", " "]
)  # fmt: skip
texts = st.lists(signs, max_size=8).map("".join)
names = texts.filter(lambda text: text and len(text.encode()) <= MAX_BYTES)


def quoted(name: str) -> str:
    """A name as PostgreSQL prints it."""
    return '"' + name.replace('"', '""') + '"'


def plain(text: str) -> str:
    """A text as pg_get_expr prints it."""
    return "'" + text.replace("'", "''") + "'"


def doubled(text: str) -> str:
    """A text as format('%L') prints it."""
    return ("E" + plain(text).replace("\\", "\\\\")) if "\\" in text else plain(text)


def shape(sql: str) -> object:
    """The tree of a statement without the places of its words."""
    return postgast.fingerprint(sql), [
        str(s.node) for s in split(postgast.deparse(postgast.parse(sql)), "test")
    ]


@few
@given(names, texts, texts)
def test_a_fragment_says_the_same_and_hides_nothing(name: str, text: str, other: str) -> None:
    printed = (
        f"SELECT {quoted(name)}.x FROM {quoted(name)} AS a\n"
        f"  WHERE x <> {plain(text)}::text AND y = {doubled(other)}"
    )
    shown = fragment(printed)
    assert shape(shown) == shape(printed)
    assert not hides(shown.replace("\n  WHERE", "  WHERE"))
    assert shown.count("\n") == 1


def test_a_body_keeps_its_lines_unless_they_hide_something() -> None:
    head = "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS "
    seen = f"{head}$function$\n  SELECT 'a'\n$function$"
    assert fragment(seen) == seen
    hidden = fragment(f"{head}$function$\n  SELECT 'a\u202e'\n$function$")
    assert hidden == head + r"E'\x0a  SELECT ''a\u202e''\x0a'"


def test_what_hides_nothing_is_as_it_was() -> None:
    for text in [
        "",
        "USING btree (lower(\"A b\") DESC) WHERE x <> '$executor$; é'",
        "SELECT 1\nFROM t;",
    ]:
        assert fragment(text) == text


@pytest.mark.parametrize(
    "text", ["a\u200b", "x \r y", "'a\u202e", "U&'\u202e'", "a -- \u202e", "a /*\u202e*/"]
)
def test_what_can_not_be_shown_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        fragment(text)
