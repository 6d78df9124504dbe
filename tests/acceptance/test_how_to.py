"""The tutorial and the how-tos, done as they stand there: files written, commands given, statements sent, in their order."""

from __future__ import annotations

import re
import shlex
import sys
import threading
from collections.abc import Iterator

import pytest

from tests.helpers.command import Connection
from tests.helpers.plans import ROOT, call

DOCS = ROOT / "docs"
#: what can't be done here: it builds an environment, or says where the database is
SETUP = ("export ", "python3 -m venv", "~/executor-env")

EVENTS = """
CREATE TABLE events (id bigint GENERATED ALWAYS AS IDENTITY, created_at timestamptz NOT NULL, customer_id integer,
  PRIMARY KEY ({key})){rest};
"""
ROWS = """
INSERT INTO events (created_at, customer_id)
SELECT date_trunc('month', now()) - n * interval '1 day', n FROM generate_series(1, 100) AS n; ANALYZE events;
"""
PARTITIONS = "".join(
    f"CREATE TABLE events_{n} PARTITION OF events FOR VALUES WITH (MODULUS 3, REMAINDER {n});"
    for n in range(3)
)
ORDERS = """
CREATE TABLE orders (id serial PRIMARY KEY, customer_id integer, country text);
INSERT INTO orders (customer_id, country) SELECT n, CASE WHEN n % 3 = 0 THEN 'CH' ELSE 'DE' END FROM generate_series(1, 2000) AS n;
ANALYZE orders;
"""
LINES = """
CREATE TABLE order_lines (order_id integer NOT NULL REFERENCES orders, line integer, PRIMARY KEY (order_id, line));
INSERT INTO order_lines SELECT id, 1 FROM orders; ANALYZE order_lines;
"""
ACCOUNTS = """
CREATE TABLE tenants (id integer PRIMARY KEY); INSERT INTO tenants SELECT generate_series(1, 20);
CREATE TABLE accounts (id bigint PRIMARY KEY, tenant_id integer NOT NULL REFERENCES tenants, name text);
INSERT INTO accounts SELECT n, 1 + n % 20, 'a' FROM generate_series(1, 500) AS n;
CREATE TABLE invoices (id bigint PRIMARY KEY, account_id bigint NOT NULL REFERENCES accounts);
INSERT INTO invoices SELECT n, 1 + n % 500 FROM generate_series(1, 500) AS n; ANALYZE;
"""
DIVIDED = EVENTS.format(key="id, created_at", rest=" PARTITION BY HASH (id)") + PARTITIONS + ROWS

#: each page, the tables that it is about, and what is different when all its commands but the way back are done
PAGES = {
    "tutorial.md": ("", "SELECT relkind = 'p' FROM pg_class WHERE relname = 'orders'"),
    "how-to/range-by-month.md": (
        EVENTS.format(key="id", rest="") + ROWS,
        "SELECT relkind = 'p' FROM pg_class WHERE relname = 'events'",
    ),
    "how-to/int-to-bigint.md": (
        ORDERS + LINES,
        "SELECT bool_and(atttypid = 'bigint'::regtype) FROM pg_attribute WHERE (attrelid, attname) IN (('orders'::regclass, 'id'), ('order_lines'::regclass, 'order_id'))",
    ),
    "how-to/unpartition.md": (
        DIVIDED,
        "SELECT relkind = 'r' FROM pg_class WHERE relname = 'events'",
    ),
    "how-to/hash-with-foreign-keys.md": (
        ACCOUNTS,
        "SELECT relkind = 'p' FROM pg_class WHERE relname = 'accounts'",
    ),
    "how-to/backfill-not-null.md": (
        ORDERS,
        "SELECT attnotnull FROM pg_attribute WHERE attrelid = 'orders'::regclass AND attname = 'currency'",
    ),
    "how-to/index-concurrently.md": (
        ORDERS + DIVIDED,
        "SELECT count(*) = 5 FROM pg_index WHERE indisvalid AND indexrelid::regclass::text LIKE '%customer_id_idx'",
    ),
}


class Network:
    """What Python asks of the network while somebody listens; libpq's connection to the server is not among it."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.listens = False
        # of earlier tests, such as one that still tries to send spans
        self._others = {*threading.enumerate()} - {threading.main_thread()}
        sys.addaudithook(self._hear)  # for as long as the process lives

    def _hear(self, event: str, _arguments: object) -> None:
        ours = self.listens and threading.current_thread() not in self._others
        if ours and event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
            self.asked.append(event)


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    listener = Network()
    listener.listens = True
    yield listener
    listener.listens = False


def blocks(page: str) -> list[tuple[str, str, str]]:
    """The language, the name of the file and the text of each block of a page, in order."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(
        r'^```(\w+)(?: title="([^"\n]+)")?\n(.*?)^```', text, flags=re.MULTILINE | re.DOTALL
    )


def lines(text: str) -> list[str]:
    """The commands of a block, without comments."""
    stripped = (line.partition("  #")[0].strip() for line in text.splitlines())
    return [line for line in stripped if line and not line.startswith("#")]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_can_be_followed(
    page, connection: Connection, tmp_path, monkeypatch, database, network
):
    tables, changed = PAGES[page]
    connection.execute(tables.encode())
    monkeypatch.setenv("DATABASE_URL", database)
    (tmp_path / "x").touch()
    tmp_path.chmod(0o755)
    said, was_changed = "", []
    for language, name, text in blocks(page):
        if name:
            (tmp_path / name).write_text(text, encoding="utf-8")
        elif language == "sql":
            _asked_of(connection, text)
        elif language == "text":
            _is_said(text, said)
        elif language == "yaml":
            files = [path.read_text(encoding="utf-8") for path in tmp_path.glob("*.yaml")]
            if text.startswith("maintain:"):  # the reader adds it
                plan = tmp_path / "events.yaml"
                plan.write_text(plan.read_text(encoding="utf-8") + text, encoding="utf-8")
            else:
                assert any(text in file for file in files), text
        elif language == "sh":
            said = ""
            for line in lines(text):
                if line.startswith(SETUP):
                    continue
                program, *arguments = shlex.split(line)
                assert program == "executor", line
                if arguments[0] == "rollback" and not was_changed:
                    was_changed += connection.execute(changed.encode()).fetchall()
                done = call(*arguments, cwd=tmp_path)
                # what is not even is no mistake of the page's
                assert done.returncode in ((0, 1) if arguments[0] == "health" else (0,)), (
                    line,
                    done.stderr,
                )
                said += done.stdout + done.stderr
    assert was_changed == [(True,)]
    assert network.asked == []  # no telemetry


def _asked_of(connection: Connection, text: str) -> None:
    statement, _, answer = text.strip().partition("; -- ")
    cursor = connection.execute(statement.encode())
    if answer:
        row = cursor.fetchone()
        assert row
        assert str(row[0]) == answer, text


def _is_said(text: str, said: str) -> None:
    """Each line of a block of output was said; `…` stands for anything."""
    for line in text.strip().splitlines():
        pattern = ".*".join(map(re.escape, (part.strip() for part in line.split("…"))))
        assert re.search(pattern.replace(r"\ \ ", " +"), said), (line, said)


def test_every_how_to_is_followed():
    pages = [path.relative_to(DOCS).as_posix() for path in DOCS.glob("how-to/*.md")]
    assert sorted(PAGES) == sorted([*pages, "tutorial.md"])
