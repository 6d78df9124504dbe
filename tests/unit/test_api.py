"""What `import executor` has: no more than is promised, and nothing before it is needed."""

from __future__ import annotations

import inspect
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import click
import pytest

import executor
from executor import Options, api
from executor.cli.main import main

ROOT = Path(__file__).parents[2]
VERBS = [
    name
    for name in api.__dict__
    if inspect.isfunction(getattr(api, name)) and name in executor.__all__
]
PAGE = (ROOT / "docs/python.md").read_text(encoding="utf-8")


def test_to_import_it_imports_no_library_and_names_stay_what_they_are() -> None:
    text = """
import sys
import executor
assert not {"psycopg", "jinja2", "yaml", "rich", "click", "executor.api"} & sys.modules.keys()
import executor.reviews.page, executor.catalog, executor.engine.run, executor.cli.main
for name in executor.__all__:
    kind = type(getattr(executor, name)).__name__
    assert kind in (("module",) if name in ("errors", "events") else ("function", "type")), (name, kind)
"""
    subprocess.run([sys.executable, "-c", text], cwd=ROOT, check=True)
    with pytest.raises(AttributeError, match="no attribute 'Renderer'"):
        executor.Renderer  # noqa: B018


def test_each_option_is_one_of_the_command_line_by_its_name() -> None:
    for item in fields(Options):
        verbs = [verb for verb in VERBS if item.name in api._TAKEN.get(verb, ())]
        assert verbs, item.name
        for verb in verbs:
            names = {parameter.name for parameter in main.commands[verb].params}
            assert item.name in names, (verb, item.name)


@pytest.mark.parametrize("verb", api._TAKEN)
def test_a_command_takes_the_options_that_its_function_takes(verb: str) -> None:
    known = {item.name for item in fields(Options)}
    given = {
        option.name for option in main.commands[verb].params if isinstance(option, click.Option)
    }
    assert given & known == set(api._TAKEN[verb])


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"until": ""}, "--until is '', and has to be a text that is not empty"),
        ({"hold": 5}, "--hold is 5, and has to be a text that is not empty"),
        ({"accept": "name"}, "--accept is 'name', and has to be a list of names"),
        ({"accept": [""]}, r"--accept is \('',\), and has to be a list of names"),
        ({"dry_run": "false"}, "--dry-run is 'false', and has to be true or false"),
        ({"take_over": None}, "--take-over is None, and has to be true or false"),
        ({"run": 0}, "--run is 0, and has to be a whole number from 1 on"),
        ({"run": True}, "--run is True, and has to be a whole number from 1 on"),
    ],
)
def test_an_option_that_can_not_be_meant_is_refused(given: dict[str, object], says: str) -> None:
    with pytest.raises(executor.errors.UsageError, match=says):
        Options(**given)  # type: ignore[arg-type]
    assert Options(accept=["a"]).accept == ("a",)  # type: ignore[arg-type]


def test_an_empty_file_or_moment_is_not_taken_for_none() -> None:
    """A script for the table of an example, or with other names, would come of it."""
    plan = "chunks_100_partitions"
    with pytest.raises(executor.errors.UsageError, match="the facts can't be read"):
        executor.render(plan, facts="")
    with pytest.raises(executor.errors.UsageError, match="--timestamp '' is not"):
        executor.render(plan, timestamp="")
    with pytest.raises(executor.errors.UsageError, match="can't be read"):
        executor.review(plan, dsn="host=/nowhere", rehearsal="")


def test_the_page_has_every_name() -> None:
    for name in (*executor.__all__, *(item.name for item in fields(Options))):
        assert f"`{name}" in PAGE or f"executor.{name}" in PAGE, name
