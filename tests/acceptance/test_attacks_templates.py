"""What other users of the machine and names can do to the SQL of a plan: nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from executor.errors import PlanError
from executor.plan.loader import load
from executor.rendering.renderer import ANY_TIMESTAMP, Renderer
from executor.templating.names import Name, ident, literal
from tests.helpers.plans import call

STEP = "- {name: work, sql: work.sql, rollback: nothing}"
STOLEN = "SELECT 1 / 0 AS stolen;"

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can play another user")


def stranger(*paths: Path) -> None:
    """Give files to another user of the machine."""
    for path in paths:
        os.chown(path, 65534, 65534, follow_symlinks=False)


def valid(project) -> bool:
    return bool(load(project.plan).plan.steps)


def refused(project, *words: str) -> None:
    """The plan is refused, in words, before anything is sent."""
    with pytest.raises(PlanError) as caught:
        own = load(project.plan)
        Renderer.of(own, {}, ANY_TIMESTAMP).digests()
    for word in words:
        assert word in caught.value.message


@as_root
def test_templates_above_the_plans_directories_are_nobodys(project, database):
    """A stranger fills a directory above with session, journal and a missing template."""
    above = project.directory
    above.chmod(0o777)
    for room in ("session/settings", "journal/steps", "missing"):
        file = above / "sql" / f"{room}.sql"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(STOLEN)
        stranger(file.parent, file)
    inner = type(project)(above / "mine")
    inner.write("- {name: work, sql: examples/01/create.sql, rollback: nothing}")
    (inner.directory / "sql").rmdir()
    done = inner.call("run", "--dsn", database)
    assert done.returncode == 0, done.stderr
    inner.write("- {name: work, sql: missing.sql, rollback: nothing}")
    refused(inner, "there is no template sql/missing.sql")


@as_root
def test_what_another_user_owns_is_refused(project):
    project.write(STEP, work="SELECT 1;")
    sql = project.directory / "sql"
    for path in (sql, sql / "work.sql", project.plan):
        stranger(path)
        refused(project, str(path), "belongs to nobody", "chown")
        os.chown(path, 0, 0)
    sql.rename(project.directory / "other")
    sql.symlink_to("other")
    assert valid(project)
    stranger(sql)
    refused(project, str(sql), "belongs to nobody")


@pytest.mark.parametrize("place", ["sql", "sql/deep", "sql/deep/work.sql", "plans/work.yaml"])
def test_what_others_can_write_to_is_refused(project, place):
    project.write("- {name: work, sql: deep/work.sql, rollback: nothing}", top="SELECT 1;")
    path = project.directory / "sql" / "deep" / "work.sql"
    path.parent.mkdir()
    path.write_text("SELECT 1;")
    assert valid(project)
    path = project.directory / place
    for mode in (0o777, 0o1777, 0o775) if path.is_dir() else (0o666, 0o664):
        path.chmod(mode)
        if mode & 0o020 and not mode & 0o002:
            if os.geteuid() != 0:
                continue
            os.chown(path, 0, 65534)
        if mode == 0o1777:  # sticky: nobody can touch what is another's
            assert valid(project)
        else:
            refused(project, f"other users can write to {path}", f"chmod go-w {path}")


def test_our_own_templates_cant_be_replaced(project, database):
    """The rooms that the engine uses; what only bears the name of a room is the plan's own."""
    project.write(STEP, work="{% include 'report/mine.sql' %}")
    for name in ("report/mine", "session/settings", "assertions/fragments/mine", "tables/steady"):
        file = project.directory / "sql" / f"{name}.sql"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(STOLEN.replace("/ 0", "/ 1"))
    for name in ("session/settings.sql", "tables/steady.sql"):
        taken = project.directory / "sql" / name
        refused(project, f"{taken}:1: ", "executor's own", "another name")
        done = project.call("run", "--dsn", database)
        assert (done.returncode, f"{taken}:1: " in done.stderr) == (3, True)
        taken.unlink()
    assert valid(project)


@pytest.mark.parametrize(
    "text",
    [
        "{% include 'linked.sql' %}",
        "{% import 'linked.sql' as m with context %}SELECT 1;",
        "{% from 'linked.sql' import m with context %}SELECT 1;",
        "{% extends 'linked.sql' %}",
        "{% include ['linked.sql', 'other.sql'] %}",
        "{% set name = 'linked' %}{% include name ~ '.sql' %}",
        "{% include 'room/secret.sql' %}",
        "{% include '../secret.sql' %}",
    ],
)
def test_no_template_is_read_outside_the_plans_directory(project, text):
    outside = project.directory / "secret.sql"
    outside.write_text("{% macro m() %}{% endmacro %}SELECT 'secret';")
    project.write(STEP, work=text)
    sql = project.directory / "sql"
    (sql / "linked.sql").symlink_to(outside)
    (sql / "room").symlink_to(project.directory)
    refused(project, "sql/")


def test_a_pipe_is_not_waited_for(project, tmp_path):
    """In the place of a template, of the directory, of the cache, of the plan."""
    project.write(STEP, work="SELECT 1;")
    work = project.directory / "sql" / "work.sql"
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    plan = str(project.plan)
    call("validate", "02_variables", env=environment)
    kept = list((tmp_path / "cache" / "executor").iterdir())
    assert kept
    for file in kept:
        file.unlink()
        os.mkfifo(file)
    assert call("validate", "02_variables", env=environment).returncode == 0
    cache = tmp_path / "cache2" / "executor"
    cache.parent.mkdir()
    os.mkfifo(cache)
    environment["XDG_CACHE_HOME"] = str(cache.parent)
    assert call("validate", plan, env=environment).returncode == 0
    work.unlink()
    os.mkfifo(work)
    refused(project, "there is no template sql/work.sql")
    project.plan.unlink()
    os.mkfifo(project.plan)
    refused(project, f"{plan} is not a regular file")


def test_a_template_with_characters_that_nobody_sees_is_refused(project):
    for unseen, code in (("\u202e", "U+202E"), ("\x1b", "U+001B"), ("\x9b", "U+009B")):
        project.write(STEP, work=f"SELECT 1;\n-- {unseen}\n")
        refused(project, f"sql/work.sql:2: holds the control character {code}")


NASTY = [
    "a\nb",
    "-- \r x",
    "$body$",
    "x$body",
    "$executor$;'",
    "\x1b[2J\x7f",
    "\x9b\u202e\u2028",
    '\\"',
]


def test_any_name_is_the_same_on_the_server_and_leaves_no_body(connection):
    """The tags are those of our functions; standard_conforming_strings is on in every session."""
    connection.execute("CREATE TABLE public.found (oid oid, name text)")
    for text in NASTY:
        name = Name("public", text)
        connection.execute(
            f"CREATE TABLE {ident(name)} -- {ident(name)} {literal(text)}\n (id int)"
        )
        connection.execute(
            f"DO $body$BEGIN -- {literal(name)}\n INSERT INTO {ident(name)} VALUES (1);"
            f" INSERT INTO public.found SELECT {literal(name)}::regclass, {literal(text)}; END$body$"
        )
    found = connection.execute(
        "SELECT f.name, c.relname FROM public.found AS f JOIN pg_class AS c USING (oid) ORDER BY c.oid"
    ).fetchall()
    assert found == [(text, text) for text in NASTY]


def test_a_name_leaves_no_comment_of_a_plans_own_template(project, database, connection):
    evil = '"x\nCREATE TABLE public.hacked (); --"'
    head = "variables: {source: {type: table, default: public.t}}"
    project.write(STEP, head, work="-- For {{ source | ident }} {{ source | literal }}\nSELECT 1;")
    done = project.call("run", "--dsn", database, "--var", f"source={evil}")
    assert done.returncode == 0, done.stderr
    printed = project.call("render", "--print-sql", "--var", f"source={evil}").stdout
    assert "\nCREATE TABLE public.hacked" not in printed
    assert connection.execute("SELECT to_regclass('public.hacked')").fetchone() == (None,)
    project.plan.rename(plan := project.plan.with_name("x\nDROP TABLE t;.yaml"))
    assert "\nDROP TABLE t" not in call("render", str(plan), "--print-sql").stdout
