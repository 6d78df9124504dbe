"""`executor report` as people use it: each way a run can end, and what must not get onto a page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import psycopg
import pytest

from executor.engine import run as runner
from executor.engine.connect import RunOptions
from executor.errors import AssertionFailedError
from executor.events import Event, Retrying, StepStarted, Waiting
from executor.formats import took
from executor.journal.reader import VERSION
from executor.plan.loader import load
from tests.helpers import browser
from tests.helpers.command import (
    DROP,
    MAKE,
    SLEEP,
    SLEEPING,
    TABLE,
    eventually,
    one,
    refused,
    started,
)
from tests.helpers.flagship import EXPRESSION, run
from tests.helpers.flagship import load as load_source
from tests.helpers.plans import Project, call

FULL = "INSERT INTO public.t SELECT generate_series(1, 3000); ANALYZE public.t;"
SEEN = "CREATE TABLE public.seen (n integer);"
FILL = """
INSERT INTO public.seen SELECT n FROM public.t
WHERE {% if batch.whole %} true {% else %} ctid >= '({{ batch.first_block }},0)'::tid
{% if batch.end_block is not none %} AND ctid < '({{ batch.end_block }},0)'::tid {% endif %}
{% endif %};
"""
STEPS = """
- {name: make, description: Make a table., sql: make.sql, rollback: drop.sql}
- {name: fill, batches: {table: public.t, rows: 300}, sql: fill.sql, rollback: nothing}
- name: look
  assertions:
    - query: {sql: rows.sql, equals: 3000, description: Every row is there.}
    - no_rows: {sql: few.sql, severity: warn, description: There are few rows.}
  rollback: nothing
"""


class Page(HTMLParser):
    """What a page says and is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.source = text
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._style = False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._style = tag == "style"

    def handle_endtag(self, tag):
        self._style = self._style and tag != "style"

    def handle_data(self, data):
        if not self._style:
            self.text += f"{data} "

    @property
    def words(self) -> str:
        return " ".join(self.text.split())

    def section(self, name: str) -> Page:
        found = re.search(rf'<section id="{name}".*?</section>', self.source, flags=re.DOTALL)
        assert found, name
        return Page(found[0])


@pytest.fixture
def work(project: Project) -> Project:
    return project.write(
        STEPS,
        make=f"{TABLE} {FULL} {SEEN}",
        drop=f"{DROP} DROP TABLE public.seen;",
        fill=FILL,
        rows="SELECT count(*) FROM public.t",
        few="SELECT n FROM public.t WHERE n < 3",
    )


def report(project: Project, dsn: str) -> Page:
    done = call("report", "1", str(project.plan), "--dsn", dsn, "-o", "-")
    assert done.returncode == 0, done.stderr
    return Page(done.stdout)


def test_a_run_that_succeeded(work, database, connection):
    assert work.run(database).status == "succeeded"
    page = report(work, database)
    assert "work succeeded" in page.words
    assert "3,000 in fill" in page.words
    for section in ("timeline", "sql", "digests"):
        for step in ("make", "fill", "look"):
            assert step in page.section(section).words
    assert "rows/s on average" in page.section("throughput").words
    checked = page.section("assertions").words
    assert checked.index("There are few rows.") < checked.index("Every row is there.")
    assert "1 assertion held, 1 warning" in checked
    sql = page.section("sql").words
    assert "INSERT INTO public.t SELECT generate_series(1, 3000);" in sql
    planned = one(connection, "SELECT count(*) FROM executor.iterations")
    assert planned > 1
    assert f"SQL of the first of {planned} batches" in sql
    assert str(one(connection, "SELECT digest FROM executor.steps LIMIT 1")) in page.source


def test_the_page_reads_without_its_pictures(work, database):
    work.run(database)
    page = report(work, database)
    names = [tag for tag, _ in page.tags]
    assert names.count("h1") == 1
    assert names.count("h2") == names.count("section")
    assert not {"script", "img", "link", "iframe", "object", "form"}.intersection(names)
    assert all(a.get("aria-hidden") == "true" for tag, a in page.tags if tag == "svg")
    assert all(a.get("scope") for tag, a in page.tags if tag == "th")
    policy = next(a["content"] for tag, a in page.tags if a.get("http-equiv"))
    assert policy and policy.startswith("default-src 'none'; style-src 'sha256-")
    assert not re.search(
        r'\s(on\w+|style|href="(?!#)|src)=',
        re.sub(r"<pre.*?</pre>", "", page.source, flags=re.DOTALL),
    )


def test_a_run_that_failed_and_was_resumed(work, database, connection):
    work.templates(rows="SELECT count(*) FROM public.t WHERE n > 2")
    with pytest.raises(AssertionFailedError):
        work.run(database)
    page = report(work, database)
    assert "work failed" in page.words
    assert "`" not in page.section("assertions").words
    checked = page.section("assertions").words
    assert checked.startswith("Assertions 0 assertions held, 1 failed, 1 warning")
    assert checked.index("Every row is there.") < checked.index("There are few rows.")
    assert "2998" in checked
    for claim in ("Every row is there.", "There are few rows."):  # which is not what was found
        assert f"does not hold: {claim}" in checked
    assert any(tag == "rect" and a.get("class") == "failed" for tag, a in page.tags)
    connection.execute("UPDATE public.t SET n = n + 5")
    assert work.run(database).status == "succeeded"
    page = report(work, database)
    checked = page.section("assertions").words
    assert checked.startswith("Assertions 2 assertions held, 2 did not hold at first")
    assert "did not hold at first: Every row is there." in checked
    assert "begun 2 times" in page.section("timeline").words


def test_a_run_that_was_rolled_back(work, database):
    work.run(database)
    work.rollback(database)
    page = report(work, database)
    assert "work rolled back" in page.words
    marks = [a.get("class") for tag, a in page.tags if tag == "rect"]
    assert {"succeeded", "undo"} <= set(marks)
    assert "Not known any more of fill" in page.section("throughput").words


def test_a_partition_that_was_emptied_has_no_rows(project, database, connection):
    """The estimate of the last ANALYZE is older than the counters."""
    project.write(
        "- {name: make, sql: make.sql, rollback: nothing}",
        head="variables: {p: {type: table, default: public.p}}",
        make="CREATE TABLE public.p (n integer) PARTITION BY LIST (n);"
        "CREATE TABLE public.p_1 PARTITION OF public.p FOR VALUES IN (1);"
        "INSERT INTO public.p SELECT 1 FROM generate_series(1, 300);",
    )
    project.run(database)
    rows = "SELECT pg_stat_get_live_tuples('public.p_1'::regclass)"
    eventually(connection, rows, 300)  # else the counter would add them to those of ANALYZE
    connection.execute("ANALYZE public.p_1")
    connection.execute("DELETE FROM public.p")
    eventually(connection, rows, 0)
    assert "largest 0 rows" in report(project, database).section("distribution").words


def test_a_run_that_holds_says_before_what(project, database, connection):
    project.write(
        MAKE,
        head="variables: {source: {type: table, default: public.t}}\nsubject: source",
        make=TABLE,
        drop=DROP,
    )
    with started(project, "run", "--dsn", database, "--hold", "make"):
        eventually(connection, "SELECT to_regclass('executor.controls') IS NOT NULL", True)
        eventually(
            connection, "SELECT count(*) FROM executor.controls WHERE held_before = 'make'", 1
        )
        words = report(project, database).words
        assert "It holds before make until executor resume or executor swap" in words
        assert "Run 1 on public.t in" in words


def test_a_run_that_is_at_work_and_one_that_was_killed(project, database, connection):
    connection.execute("CREATE TABLE public.slow ()")
    project.write(
        f"{MAKE}- {{name: sleep, sql: sleep.sql, rollback: nothing}}",
        make=TABLE,
        drop=DROP,
        sleep=SLEEP,
    )
    with started(project, "run", "--dsn", database) as process:
        eventually(connection, SLEEPING, 1)
        assert (
            "The run has not ended. This page shows it as it was" in report(project, database).words
        )
        process.kill()
        connection.execute("DROP TABLE public.slow")
        process.wait()
    gone = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'executor:work'"
    eventually(connection, gone, 0)
    page = report(project, database)
    assert "no executor is at work on it" in page.words
    assert "broken off" in page.words
    assert project.run(database).status == "succeeded"
    outcome = (
        "SELECT string_agg(outcome, ', ' ORDER BY id) FROM executor.spans WHERE step = 'sleep'"
    )
    assert one(connection, outcome) == "broken off, succeeded"


def test_what_made_a_run_wait_is_told(project, database, connection):
    project.write(
        MAKE
        + """
- name: change
  for_each: "[1]"
  retry: {on: [lock_timeout], attempts: 50, backoff: 10ms..20ms}
  sql: change.sql
  rollback: nothing
- name: again
  retry: {on: [lock_timeout], attempts: 50, backoff: 10ms..20ms}
  sql: again.sql
  rollback: nothing
""",
        head="settings: {lock_timeout: 50ms}\nthrottle: [may.sql]",
        make=TABLE,
        drop=DROP,
        may="-- the replica is ill\nSELECT to_regclass('public.well') IS NOT NULL",
        change="ALTER TABLE public.t ADD COLUMN m integer;",
        again="ALTER TABLE public.was ADD COLUMN k integer;",
    )
    connection.execute("CREATE TABLE public.was ()")
    project.run(database, until="make")
    with psycopg.connect(database) as other:
        other.execute("SELECT * FROM public.t")

        def go_on(event: Event) -> None:
            if isinstance(event, Waiting):
                connection.execute("CREATE TABLE public.well ()")
            if isinstance(event, Retrying):
                other.rollback()
            if isinstance(event, StepStarted) and event.step == "again":
                other.execute("SELECT * FROM public.was")

        runner.run(load(project.plan), RunOptions(dsn=database), go_on)
    told = connection.execute(
        "SELECT step, kind, detail FROM executor.spans WHERE kind IN ('wait', 'retry') ORDER BY id"
    ).fetchall()
    assert told == [
        ("change", "wait", "the replica is ill"),
        ("change", "retry", "lock timeout"),
        ("again", "retry", "lock timeout"),
    ]
    stalls = report(project, database).section("locks").words
    assert "waited" in stalls
    assert "the replica is ill" in stalls
    assert "lock timeout" in stalls
    last = one(
        connection,
        "SELECT extract(epoch FROM s.finished_at - max(w.finished_at))::float FROM executor.steps AS s"
        " JOIN executor.spans AS w ON w.step = s.name WHERE s.name = 'again' AND w.kind = 'retry' GROUP BY s.finished_at",
    )
    assert f"again public.was ACCESS EXCLUSIVE everybody, readers too {took(last)} " in stalls


def test_a_plan_that_was_edited_since_shows_only_what_is_the_same(work, database):
    work.run(database)
    work.templates(fill=FILL.replace("SELECT n", "SELECT n + 2"))
    sql = report(work, database).section("sql").words
    assert "1 of 3 steps can't be shown" in sql
    assert "The plan says something else today" in sql
    assert "generate_series" in sql
    assert "n + 2" not in sql
    work.templates(fill=FILL)
    work.plan.rename(work.directory / work.plan.name)
    beside = call("report", "--dsn", database, "-o", "-", cwd=work.directory)
    assert "can't be shown" not in Page(beside.stdout).words
    work.plan.write_text("nonsense: [", encoding="utf-8")
    assert "3 of 3 steps can't be shown" in report(work, database).section("sql").words
    work.plan.unlink()
    assert "3 of 3 steps can't be shown" in report(work, database).section("sql").words
    alone = call("report", "--dsn", database, "-o", "-")
    words = Page(alone.stdout).words
    assert "The plan is not here" in words and "executor report 1 FILE takes it" in words


def test_a_journal_of_version_1_is_reported_and_brought_up_to_date(work, database, connection):
    work.run(database, until="make")
    connection.execute(
        "DROP TABLE executor.spans, executor.facts; UPDATE executor.version SET version = 1;"
        "ALTER TABLE executor.runs DROP COLUMN closed; ALTER TABLE executor.steps DROP COLUMN weight"
    )
    assert "make" in call("status", "--run", "1", "--dsn", database).stdout
    page = report(work, database)
    assert "of an older version" in page.section("locks").words
    assert [a for tag, a in page.tags if tag == "rect" and a.get("class") == "succeeded"]
    assert work.run(database).status == "succeeded"
    assert one(connection, "SELECT max(version) FROM executor.version") == VERSION
    assert one(connection, "SELECT count(*) FROM executor.spans") == 2


def test_what_can_not_be_reported(work, database, tmp_path):
    plan = str(work.plan)
    refused(call("report", "--dsn", database), 2, "no journal", "check --dsn")
    work.run(database)
    refused(
        call("report", str(10**20), "--dsn", database),
        2,
        f"there is no run {10**20} in this database",
    )
    refused(call("report", "05_batches", "--dsn", database), 2, "there is no run of 05_batches")
    refused(call("report", "one", plan, "--dsn", database), 2, "'one' is not the number of a run")
    refused(call("report", "1", "05_batches", "--dsn", database), 2, "not of 05_batches")
    missing = str(tmp_path / "nowhere" / "report.html")
    refused(call("report", "1", plan, "--dsn", database, "-o", missing), 2, "there is no directory")
    refused(call("report", "1", plan, "--dsn", database, "-o", str(tmp_path)), 2, "regular file")
    refused(call("report", "1", plan, "--dsn", database, "-o", "/dev/null"), 2, "regular file")
    refused(
        call("report", "1", plan, "--dsn", database, "-o", "/proc/report"), 2, "can't be written"
    )


def test_a_report_appears_when_it_is_whole(work, database, tmp_path):
    work.run(database)
    target = tmp_path / "out" / "change 4711.html"
    target.parent.mkdir()
    target.write_text("older", encoding="utf-8")
    done = call("report", "1", str(work.plan), "--dsn", database, "--output", str(target))
    assert done.returncode == 0, done.stderr
    assert "run 1 of work, succeeded" in done.stderr
    assert target.read_text(encoding="utf-8").endswith("</html>\n")
    assert list(target.parent.iterdir()) == [target]


EVIL = "<script>alert(1)</script>"


@pytest.fixture
def hostile(project: Project, database, connection) -> Project:
    """A run whose every text wants out of the page."""
    connection.execute(f'CREATE TABLE public."{EVIL}" (n integer) PARTITION BY LIST (n)')
    for n in (1, 2):
        connection.execute(
            f'CREATE TABLE public."<img src=x onerror=alert({n})>"'
            f' PARTITION OF public."{EVIL}" FOR VALUES IN ({n})'
        )
    project.write(
        """
- name: fill
  description: "</summary></details><script>alert(2)</script>"
  batches: {table: "{{ t }}", rows: 100}
  sql: fill.sql
  rollback: nothing
- name: look
  assertions:
    - findings: {sql: look.sql, description: "</title><svg onload=alert(3)>"}
  rollback: nothing
""",
        head=f"""variables:
  t: {{type: table, default: 'public."{EVIL}"'}}
  s: "</style><style>*{{display:none}}</style>"
""",
        fill="-- </pre><script>alert(4)</script>\n" + FILL.replace("public.t", "{{ t | ident }}"),
        look="""SELECT E'</script><script>alert(5)</script>\\n"\\'`' AS subject, '<u>' AS expected,
          '--><!-- &lt;' AS actual, false AS passed;""",
    )
    connection.execute(f'INSERT INTO public."{EVIL}" SELECT 1 FROM generate_series(1, 900)')
    connection.execute(f'ANALYZE public."{EVIL}"')
    connection.execute(SEEN)
    with pytest.raises(AssertionFailedError):
        project.run(database)
    return project


def test_hostile_names_are_text(hostile, database):
    page = report(hostile, database)
    names = [tag for tag, _ in page.tags]
    assert not {"script", "img", "u"}.intersection(names)
    assert names.count("style") == 1
    assert all(not name.startswith("on") for _, a in page.tags for name in a)
    for text in (
        EVIL,
        "<img src=x onerror=alert(1)>",
        "</script><script>alert(5)</script>",
        "--><!-- &lt;",
    ):
        assert text in page.text
    assert "</pre><script>alert(4)</script>" in page.section("sql").text


def test_the_flagship_plan_makes_a_light_page(database, connection, tmp_path):
    load_source(connection, "plain_identity")
    done = run(EXPRESSION, database)
    assert done.returncode == 0, done.stderr
    connection.execute("ANALYZE public.chunks")
    page = Page(call("report", "chunks_100_partitions", "--dsn", database, "-o", "-").stdout)
    assert len(page.source.encode()) < 2_000_000
    assert "held for" in page.section("locks").words
    columns = page.section("distribution").source.count("<rect")
    assert columns == 100
    backups = page.section("backups").words
    assert "backup there" in backups
    assert "old table there" in backups
    assert "can't be shown" not in page.section("sql").words
    assert "chunks_part_99" in page.section("distribution").words


@pytest.mark.skipif(not browser.PROGRAM, reason="no Chromium is installed (apt install chromium)")
def test_a_browser_shows_it_in_both_themes_and_asks_for_nothing(hostile, database, tmp_path):
    file = tmp_path / "report.html"
    done = call("report", "1", str(hostile.plan), "--dsn", database, "-o", str(file))
    assert done.returncode == 0, done.stderr
    with browser.tab(tmp_path / "profile") as tab:
        papers = []
        for width, scheme in ((1280, "light"), (1280, "dark"), (390, "light")):
            tab.open(file, width, scheme)
            papers.append(tab.ask("getComputedStyle(document.body).backgroundColor"))
            assert tab.ask("document.documentElement.scrollWidth") <= width
            assert tab.ask("document.querySelector('svg.lane').getBoundingClientRect().width") > 50
            tab.ask("document.querySelectorAll('details').forEach(each => each.open = true)")
            assert tab.ask("document.documentElement.scrollWidth") <= width
        # what would get onto the page in spite of all that could not do anything there
        assert tab.complaints == []
        assert set(tab.requests) == {file.as_uri()}
        tab.ask("document.body.insertAdjacentHTML('beforeend', '<img src=https://example.com/x>')")
        tab.ask(
            "document.body.append(Object.assign(document.createElement('script'), {text: 'hit = 1'}))"
        )
        assert tab.ask("typeof hit") == "undefined"
        refusals = [text for text in tab.complaints if "Content Security Policy" in text]
        assert len(refusals) == len(tab.complaints) == 2
    assert papers == ["rgb(255, 255, 255)", "rgb(20, 24, 29)", "rgb(255, 255, 255)"]
