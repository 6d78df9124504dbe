"""`executor review`, `diff` and `run --expect` as people use them: nothing but what was signed is run."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from psycopg.rows import TupleRow

from executor.database.queries import Queries
from executor.database.session import Connector
from tests.helpers import browser
from tests.helpers.changed import CHANGES
from tests.helpers.command import refused
from tests.helpers.flagship import LIST_PLAN, Connection, load
from tests.helpers.plans import Project, call

#: the smallest letters of what is seen, in points of paper
SMALLEST = """
Math.min(...[...document.querySelectorAll('body *')]
  .filter(each => each.checkVisibility() && [...each.childNodes].some(node => node.nodeType == 3 && node.data.trim()))
  .map(each => parseFloat(getComputedStyle(each).fontSize))) * 72 / 96
"""
POINTS = 5.99
GUIDE = (Path(__file__).parents[2] / "docs/guide.md").read_text(encoding="utf-8")
SECTIONS = [
    *("1. In one minute", "2. What will be different", "3. Statements on what is there now"),
    *("4. Statements on what is new", "5. What it takes", "6. How to stop, and how back"),
    *("7. Security", "8. To be signed"),
]

HEAD = """
variables:
  t: {type: table, default: public.t}
subject: t
settings: {lock_timeout: 300ms}
facts: {indexes: facts_indexes.sql}
"""
STEPS = """
- name: check
  assertions:
    - no_rows: {sql: odd.sql, description: There is no odd row., severity: warn}
    - findings: {sql: asked.sql, description: What nobody knows., severity: warn}
  rollback: nothing
- {name: add, description: Add a column., sql: add.sql, rollback: undo.sql}
- {name: maybe, when: never.sql, sql: add.sql, rollback: nothing}
- {name: parts, for_each: range(5), sql: part.sql, rollback: drop_part.sql}
"""
TEMPLATES = {
    "facts_indexes": (
        "SELECT i.relname AS name, pg_get_indexdef(i.oid) AS definition_sql\n"
        "FROM pg_index AS x JOIN pg_class AS i ON i.oid = x.indexrelid\n"
        "WHERE x.indrelid = to_regclass({{ t | literal }}) ORDER BY 1"
    ),
    "odd": "SELECT n AS subject FROM public.t WHERE n % 2 = 1",
    "asked": "SELECT 'the moon' AS subject, 'full' AS expected, 'clouds' AS actual, NULL::boolean AS passed",
    "add": (
        "-- the column that everybody waits for\n"
        "ALTER TABLE {{ t | ident }} ADD COLUMN more integer;\n"
        "{% for index in facts.indexes %}\n"
        "COMMENT ON INDEX public.{{ index.name | ident }} IS 'seen';\n"
        "{% endfor %}\n"
        "CREATE VIEW public.v AS SELECT * FROM {{ t | ident }};\n"
        "GRANT SELECT ON public.v TO PUBLIC;\n"
    ),
    "undo": "DROP VIEW public.v; ALTER TABLE {{ t | ident }} DROP COLUMN more;",
    "never": "SELECT false",
    "part": "CREATE TABLE public.part_{{ item }} (n integer); DO 'BEGIN END';",
    "drop_part": "DROP TABLE public.part_{{ item }};",
}
TABLE = "CREATE TABLE public.t (n integer); CREATE INDEX t_n ON public.t (n); INSERT INTO public.t VALUES (1), (2)"


@pytest.fixture
def work(project: Project, connection: Connection) -> Project:
    connection.execute(TABLE)
    return project.write(STEPS, HEAD, **TEMPLATES)


def reviewed(work: Project, dsn: str, *options: str) -> dict[str, object]:
    done = work.call("review", "--dsn", dsn, "--format", "json", *options)
    assert done.returncode == 0, done.stderr
    document: dict[str, object] = json.loads(done.stdout)
    return document


class Headings(HTMLParser):
    """The sections of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.inside = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.inside = tag == "h2"

    def handle_data(self, data):
        if self.inside:
            self.found.append(data)
            self.inside = False


def test_a_review_says_the_same_in_three_formats(work, database, connection, dump, tmp_path):
    before = dump(database)
    files = [tmp_path / f"review.{suffix}" for suffix in ("html", "md", "json")]
    done = work.call("review", "--dsn", database, *(f"-o{file}" for file in files))
    assert done.returncode == 0, done.stderr
    page, text, document = (file.read_text() for file in files)
    told = json.loads(document)
    assert Headings(page).found == SECTIONS
    assert re.findall("^## (.*)$", text, flags=re.MULTILINE) == SECTIONS
    for written in (page, text, document, done.stderr):
        assert told["digest"] in written
    for written in (page, text):
        assert "ALTER TABLE" in written
        assert "ACCESS EXCLUSIVE" in written
        assert "everybody, readers too" in written
        assert written.index("Add a column.") < written.index("the column that everybody waits for")
    assert "<script" not in page
    assert dump(database) == before


def test_what_a_review_says(work, database):
    told = reviewed(work, database)
    checks = told["checked"]
    assert [one["verdict"] for one in checks["findings"]] == ["not known", "warning"]
    assert checks["findings"][0]["subject"] == "the moon"
    assert checks["left_out"] == ["maybe"]
    existing = told["forward"]["existing"]
    assert [(line["step"], line["kind"], line["why"]) for line in existing] == [
        ("add", "ADD COLUMN", "the column that everybody waits for"),
        ("add", "COMMENT ON INDEX", ""),
    ]
    assert existing[0]["locks"][0]["relation"] == "public.t"
    assert existing[0]["locks"][0]["mode"] == "ACCESS EXCLUSIVE"
    assert [line["kind"] for line in told["forward"]["reading"]] == ["CREATE VIEW"]
    assert [(line["kind"], line["times"]) for line in told["forward"]["new"]] == [
        ("GRANT", 1),
        ("CREATE TABLE", 5),
    ]
    assert [(line["kind"], line["times"]) for line in told["forward"]["blocks"]] == [("a block", 5)]
    assert [line["kind"] for line in told["back"]["existing"]] == ["DROP COLUMN"]
    minute = dict(told["minute"])
    assert minute["Checks"] == "1 not known, 1 warning, at which it does not"
    assert minute["Longest wait of others, in one attempt"].startswith(
        "readers and writers about 3"
    )
    assert told["waiting"] == [
        {"relation": "public.t", "everybody": "add 300 ms + about 4 ms", "writers": ""}
    ]
    assert "300ms" in dict(told["waited"])["How to read it"]
    assert "add: after a timeout" in dict(told["waited"])["Tried again"]
    signed = dict(told["signed"])
    assert "t = public.t" in signed["Variables"]
    assert told["where"] in signed["Server"]
    assert "GRANT SELECT ON public.v TO PUBLIC" in dict(told["security"])["Grants"]
    # what is so with plans that swap a table alone
    assert "The old table" not in dict(told["security"])
    assert "triggers" not in dict(told["ways_on"])["To stop it"]
    assert told["of_new"].startswith("No session knows these")


@pytest.mark.parametrize("how", ["digest", "file"])
def test_what_was_reviewed_is_run_and_bound_to_it(how, work, database, connection, tmp_path):
    told = reviewed(work, database)
    file = tmp_path / "review.json"
    file.write_text(json.dumps(told))
    expect = str(file) if how == "file" else told["digest"]
    same = call("diff", str(file), "--dsn", database)  # which knows where the plan is
    assert (same.returncode, same.stderr) == (0, "")
    done = work.call("run", "--dsn", database, "--expect", expect)
    assert done.returncode == 0, done.stderr
    assert (
        one_value(connection, "SELECT variables ->> '--expect' FROM executor.runs")
        == told["digest"]
    )
    assert f"bound to the review {told['digest']}" in work.call("status", "--dsn", database).stdout
    status = json.loads(work.call("status", "--dsn", database, "--format", "json").stdout)
    assert status["facts_fingerprint"] == told["fingerprint"]
    page = tmp_path / "report.html"
    assert work.call("report", "--dsn", database, f"-o{page}").returncode == 0
    assert told["digest"] in page.read_text()


def one_value(connection: Connection, query: str) -> object:
    row: TupleRow | None = connection.execute(query.encode()).fetchone()
    return row[0] if row else None


@pytest.mark.parametrize("how", ["digest", "file"])
def test_what_has_changed_since_is_refused_and_named(
    how, work, database, connection, dump, tmp_path
):
    told = reviewed(work, database)
    file = tmp_path / "review.json"
    file.write_text(json.dumps(told))
    connection.execute("CREATE INDEX wednesday ON public.t (n)")
    before = dump(database)
    expect = str(file) if how == "file" else told["digest"]
    done = work.call("run", "--dsn", database, "--expect", expect)
    named = (
        ("indexes: wednesday was added", "COMMENT ON INDEX", "step")
        if how == "file"
        else ("digest",)
    )
    refused(done, 3, "not what was reviewed", *named)
    differs = call("diff", str(file), str(work.plan), "--dsn", database)
    refused(differs, 3, "indexes: wednesday was added")
    assert dump(database) == before


def test_a_run_that_has_begun_goes_on_as_it_was_reviewed(work, database, connection):
    digest = str(reviewed(work, database)["digest"])
    done = work.call("run", "--dsn", database, "--expect", digest, "--until", "add")
    assert done.returncode == 0, done.stderr
    work.templates(part=TEMPLATES["part"].replace("integer", "bigint"))
    edited = work.call("run", "--dsn", database, "--expect", digest, "--accept-changed-plan")
    refused(edited, 3, "not what was reviewed")
    work.templates(part=TEMPLATES["part"])
    done = work.call("run", "--dsn", database, "--expect", digest)
    assert done.returncode == 0, done.stderr
    refused(work.call("review", "--dsn", database), 3, "has come to its end")


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("-o", "review.pdf"), 2, (".html, .md, .json",)),
        (("--var", "t=public.none"), 2, ("there is no table public.none",)),
        (("-o", "no/such/directory/x.md"), 2, ("no directory",)),
    ],
)
def test_a_mistake_is_one_sentence(options, code, words, work, database):
    refused(work.call("review", "--dsn", database, *options), code, *words)


def test_what_is_no_review_is_refused(work, database, tmp_path):
    refused(work.call("run", "--dsn", database, "--expect", "abc"), 2, "64 digits")
    file = tmp_path / "x.json"
    file.write_text("[]")
    refused(work.call("run", "--dsn", database, "--expect", str(file)), 2, "nor a review")
    refused(call("diff", "0" * 64, str(work.plan), "--dsn", database), 2, "JSON")


# -- the flagship plan, on a real table


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_the_table_since_the_review_is_refused_and_named(
    change, database, connection, dump, tmp_path
):
    load(connection, "plain_bigserial")
    sql, name = CHANGES[change]
    file = tmp_path / "review.json"
    done = call("review", LIST_PLAN, "--dsn", database, "-o", str(file))
    assert done.returncode == 0, done.stderr
    connection.execute(sql.encode())
    before = dump(database)
    refused(
        call("run", LIST_PLAN, "--dsn", database, "--expect", str(file)),
        3,
        "not what was reviewed",
        name,
    )
    assert dump(database) == before


def test_the_flagship_is_reviewed(database, connection, tmp_path):
    load(connection, "plain_bigserial")
    connection.execute(
        "CREATE TABLE sorts (id int PRIMARY KEY); ALTER TABLE chunks ADD sort int REFERENCES sorts"
    )
    files = [Path(tmp_path, f"review.{suffix}") for suffix in ("html", "md", "json")]
    done = call("review", LIST_PLAN, "--dsn", database, *(f"-o{file}" for file in files))
    assert done.returncode == 0, done.stderr
    told = json.loads(files[2].read_text())
    assert dict(told["minute"])["Becomes"].endswith("100 partitions")
    assert Headings(files[0].read_text()).found == SECTIONS
    _says_what_a_signature_needs(told, files[1].read_text())
    _says_the_lines_of_the_script(told, database)
    assert not re.search("20000101_000000", files[1].read_text())


def _says_what_a_signature_needs(told, text):
    waiting = {line["relation"]: line for line in told["waiting"]}
    assert "swap 200 ms + 500 ms" in waiting["public.chunks"]["everybody"]
    writers = waiting["public.chunks"]["writers"]
    assert writers.startswith("SHARE ROW EXCLUSIVE: ")
    assert "capture 200 ms" in writers
    different = dict(told["different"])
    assert "is lost for the table as a whole" in different["PRIMARY KEY (id)"]
    moves = [one["actual"] for one in told["checked"]["findings"] if "UPDATE" in one["subject"]]
    assert "another partition" in (moves or [different["An UPDATE of collection_id"]])[0]
    _says_the_locks_of_the_guide(waiting.values())
    locks = next(said for title, said in different.items() if "locks" in title)
    assert "max_locks_per_transaction" in locks
    ways = dict(told["ways_on"])
    assert "are kept by a rollback" in ways["Later writes"]
    assert "does not ask whether its keys can hold those" in ways["Later writes"]
    assert "executor backups cleanup" in ways["The way back ends"]
    in_blocks = [line for line in told["forward"]["existing"] if "DO $" in line["sql"]]
    locked = {lock["relation"] for line in in_blocks for lock in line["locks"]}
    assert not locked & waiting.keys()  # what is done to a table in use stands as it is sent
    assert "…" not in re.sub("<details>.*?</details>", "", text, flags=re.DOTALL)


def _says_the_locks_of_the_guide(waiting):
    """Of each step the same modes, and how long in one place alone."""
    said = {}
    for line in waiting:
        for told in (f"ACCESS EXCLUSIVE: {line['everybody']}", *line["writers"].split("; ")):
            for step in re.findall(r"([a-z_]+) \d+ ms \+", told):
                said.setdefault(step, set()).add(told.partition(":")[0])
    rows = re.findall(r"^\| (`[a-z_]+`.*?) \| .*? \| (.*?) \| .*? \|$", GUIDE, flags=re.MULTILINE)
    guide = {step: lock for steps, lock in rows for step in re.findall(r"`([a-z_]+)`", steps)}
    assert {"capture", "swap", "attach_restricting_keys"} <= said.keys() <= guide.keys()
    for step, modes in said.items():
        assert modes == set(re.findall("(?:ACCESS|SHARE ROW) EXCLUSIVE", guide[step])), step
        assert not re.search(r"\d ms|second|instant", guide[step]), step


def _says_the_lines_of_the_script(told, dsn):
    done = call("render", LIST_PLAN, "--print-sql", "--dsn", dsn)
    assert done.returncode == 0, done.stderr
    script = done.stdout.splitlines()
    for item in told["forward"]["calls"]:
        assert f"{item['name']}(" in script[item["line"] - 1]
        assert item["does"]
    placed = [*told["forward"]["existing"], *told["forward"]["blocks"]]
    for line in placed:
        assert script[line["place"] - 1].startswith(line["sql"].splitlines()[0][:30])


def _has_its_fonts():
    """Whether one of the fonts is here in which the review is printed; others are wider."""
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list"], check=True, capture_output=True, text=True).stdout
    return re.search("Arial|Liberation Sans|DejaVu Sans Condensed", listed) is not None


@pytest.mark.skipif(not browser.PROGRAM, reason="no Chromium is installed (apt install chromium)")
def test_on_paper_it_is_two_pages_that_can_be_read(database, tmp_path):
    with Connector(database, "test").session() as session, session.transaction():
        for part in ("schema", "rows", "finish"):
            Queries(session).send(f"demo/{part}.sql", rows=1000)
    file = tmp_path / "review.html"
    done = call("review", LIST_PLAN, "--dsn", database, "-o", str(file))
    assert done.returncode == 0, done.stderr
    with browser.tab(tmp_path / "profile") as tab:
        tab.open(file, 1280, "light")
        paper = base64.b64decode(tab.call("Page.printToPDF", preferCSSPageSize=True)["data"])
        tab.call("Emulation.setEmulatedMedia", media="print")
        assert tab.ask(SMALLEST) >= POINTS
        words = tab.ask("document.querySelector('main').innerText")
    pages = len(re.findall(rb"/Type /Page\b", paper))
    assert pages == 2 or (pages == 3 and not _has_its_fonts())
    for said in (
        *SECTIONS,
        'LOCK TABLE "public"."chunks", "public"."chunks_new" IN ACCESS EXCLUSIVE MODE',
        "Lock: ACCESS EXCLUSIVE on the log",  # of a procedure
        "CREATE INDEX ×500",
        "executor rollback chunks_100_partitions",
        "Signature",
    ):
        assert said in words


def test_a_password_is_in_no_review(work, database, tmp_path):
    file = tmp_path / "review.json"
    dsn = f"{database} password=open-sesame"
    done = work.call("review", "--dsn", dsn, f"-o{file}")
    assert done.returncode == 0, done.stderr
    assert "open-sesame" not in file.read_text() + done.stdout + done.stderr


@pytest.mark.parametrize(
    ("variables", "key"),
    [((), "is lost"), (("routing=column",), "becomes PRIMARY KEY (")],
)
def test_a_review_says_what_becomes_of_the_primary_key(variables, key, database, connection):
    load(connection, "plain_bigserial")
    given = [f"--var={variable}" for variable in variables]
    done = call("review", LIST_PLAN, "--dsn", database, "--format", "json", *given)
    assert done.returncode == 0, done.stderr
    different = dict(json.loads(done.stdout)["different"])
    assert different["PRIMARY KEY (id)"].startswith(key)
