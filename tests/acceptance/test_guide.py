"""The statements and queries of the guide and of the journal's page, run on a real table."""

from __future__ import annotations

import re
from pathlib import Path

import psycopg
import pytest

from tests.helpers.checked import checked
from tests.helpers.flagship import COLUMN, EXPRESSION, HASH, load, run

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/guide.md").read_text(encoding="utf-8")
TIMESTAMP = "20250811_120000"  # as the guide writes it
COUNT = 10  # of partitions; the guide has 100
LAYOUTS = [EXPRESSION, COLUMN, HASH]


def queries(heading, page=GUIDE):
    """The SQL blocks below a heading."""
    part = page.partition(f" {heading}\n")[2]
    part = re.split(r"^##+ ", part, maxsplit=1, flags=re.MULTILINE)[0]
    blocks = re.findall(r"^```sql\n(.*?)^```", part, flags=re.MULTILINE | re.DOTALL)
    assert blocks, heading
    return blocks


def migrated(database, layout=EXPRESSION):
    """A table with a row, moved."""
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE chunks (id bigint, collection_id varchar, content text,"
            " PRIMARY KEY (id, collection_id)); INSERT INTO chunks VALUES (1, 'c-1', 'x')"
        )
    done = run(layout, database, f"partition_count={COUNT}")
    assert done.returncode == 0, done.stderr


def migrated_not_yet(database):
    """A table as the guide has it."""
    with psycopg.connect(database, autocommit=True) as connection:
        load(connection, "plain_identity")


MIGRATED = pytest.mark.prepared.with_args(migrated)


def registered(connection, kind):
    row = connection.execute(
        "SELECT backup_table_name FROM migration_backups WHERE kind = %s ORDER BY id DESC", [kind]
    ).fetchone()
    return str(row[0]).rpartition("chunks_backup_" if kind == "backup" else "chunks_old_")[2]


@pytest.mark.parametrize("layout", LAYOUTS, ids=str)
def test_statements_work_and_fail_as_the_table_says(layout, database, connection):
    """The application's statements in each layout, and the DDL that it can't do any more."""
    migrated(database, layout)
    column = 1 + LAYOUTS.index(layout)
    table = re.findall(
        r"^\| `([A-Z].*)` \| (\w.*) \| (\w.*) \| (\w.*) \|$", GUIDE, flags=re.MULTILINE
    )
    assert len(table) > 10
    said, found = [], []
    for row in table:
        said.append((row[0], row[column]))
        try:
            with connection.transaction(force_rollback=True):
                connection.execute(row[0].replace("% 100)", f"% {COUNT})"))
                found.append((row[0], "works"))
        except psycopg.Error as error:
            message = error.diag.message_primary or ""
            expected = row[column].removeprefix("fails: ")
            found.append((row[0], f"fails: {expected if expected in message else message}"))
    assert found == said


COMES = "What comes along, what is refused, what is different"
#: what may follow a name that is not the same in every table
OF_ANY = ("orphans of ", "CHECK ", "generated column ", "index ", "values of ")


def kept_subjects():
    """The subjects of the guide's table, and the sentences beside each."""
    part = re.split(r"^## ", GUIDE.partition(f"## {COMES}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    rows = [
        [cell.strip() for cell in line.split(" | ")]
        for line in part.splitlines()
        if line.startswith("| ")
    ]
    kinds = [row for row in rows if '"' in row[-1]]
    assert len(kinds) > 60
    return {
        subject: re.findall(r'"([^"]+)"', row[-1])
        for row in kinds
        for subject in re.findall(r"`([^`]+)`", row[-2])
    }


def as_said(subject):
    """A subject without the name of what it is about."""
    of = next((of for of in OF_ANY if subject.startswith(of)), None)
    ending = " that are there twice" if of == "values of " else ""
    return f"{of}…{ending}" if of else subject.replace("public.chunks", "the table itself")


@pytest.mark.prepared.with_args(migrated_not_yet)
def test_what_comes_along_is_said_as_the_check_says_it(database):
    """Every subject of the check stands in the guide's table, and no other."""
    found = {as_said(subject) for layout in LAYOUTS for subject in checked(database, layout)}
    said = {subject for subject in kept_subjects() if "…" not in subject}
    assert {subject for subject in found if "…" not in subject} == said


def test_its_sentences_are_those_of_the_check():
    files = sorted([*ROOT.glob("sql/repartition/check/*.sql"), *ROOT.glob("sql/layout/**/*.sql")])
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    # a text goes on in the next line, perhaps as one of the template's
    text = re.sub(r"'\s*\n\s*(~ |\{\{ \()?'", "", text).replace("''", "'")
    text = re.sub(r"\{% if.*?%\}|\{% e.*?%\}", "", text)
    missing = [
        (subject, part)
        for subject, sentences in kept_subjects().items()
        for sentence in sentences
        for part in re.split(r" ?… ?", sentence)
        if part.strip() not in text
    ]
    assert missing == [], missing


@MIGRATED
def test_queries_for_watching_answer(connection):
    """What to watch instead of the parent."""
    journal = (ROOT / "docs/journal.md").read_text(encoding="utf-8")
    blocks = [
        *queries("When something fails"),
        *queries("Watching the partitions"),
        *queries("Questions and queries", journal),
    ]
    for block in blocks:
        connection.execute(block)


@MIGRATED
def test_a_backup_is_proven_and_restored_by_hand(connection):
    """The backup is restored, not only made."""
    timestamp = registered(connection, "backup")
    listing, intact, missing, everything = (
        block.replace(TIMESTAMP, timestamp)
        for block in queries("Restoring from the backup by hand")
    )
    assert len(connection.execute(listing).fetchall()) == 2
    cursor = connection.execute(intact)
    while cursor.nextset():
        pass
    assert cursor.fetchall() == [(True,)]
    connection.execute("DELETE FROM chunks; INSERT INTO chunks VALUES (2, 'c-2', 'later')")
    connection.execute(missing)
    found = connection.execute("SELECT id, content FROM chunks ORDER BY id").fetchall()
    assert found == [(1, "x"), (2, "later")]
    connection.execute(everything)
    assert connection.execute("SELECT id, content FROM chunks").fetchall() == [(1, "x")]


@MIGRATED
def test_nothing_is_left_after_cleaning_up(connection):
    """By hand, key by key, never CASCADE."""
    (block,) = queries("Cleaning up after the retention")
    connection.execute(block.replace(TIMESTAMP, registered(connection, "backup")))
    left = connection.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND relname LIKE 'chunks\\_%'"
        " AND NOT relispartition"
    ).fetchall()
    assert left == []
    assert connection.execute("SELECT count(*) FROM migration_backups").fetchone() == (0,)
