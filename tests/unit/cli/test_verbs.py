"""The verbs: what their options say is what they are given, and what takes time waits for one of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import get_type_hints

import click
import pytest

from executor.cli.main import main
from executor.options import Options

TYPES = [(click.types.IntParamType, int), (click.types.FloatParamType, float)]


def commands(group: click.Group, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command below a group, by what is written to call it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path}{name} ")
        else:
            yield path + name, command


def given(parameter: click.Parameter) -> object:
    """The type of what click hands over."""
    if isinstance(parameter, click.Option) and parameter.is_bool_flag:
        return bool
    kind = next((own for theirs, own in TYPES if isinstance(parameter.type, theirs)), str)
    if parameter.multiple or parameter.nargs == -1:
        return tuple[kind, ...]
    always = parameter.required or parameter.to_info_dict()["default"] is not None
    return kind if always else kind | None


@pytest.mark.parametrize(("name", "command"), [*commands(main)])
def test_a_verb_has_a_typed_parameter_for_every_option(name, command):
    hints = get_type_hints(command.callback, localns={"Options": Options})
    assert hints.pop("return") is type(None)
    hints.pop("ctx", None)  # click's own
    if hints.pop("options", None):  # what executor.Options has is handed over in one
        known = {parameter.name for parameter in command.params}
        hints |= {name: kind for name, kind in get_type_hints(Options).items() if name in known}
    handed_over = [parameter for parameter in command.params if parameter.expose_value]
    assert hints == {parameter.name: given(parameter) for parameter in handed_over}


def test_the_help_imports_nothing_that_takes_time():
    code = "import sys, executor.cli.main; print(*{name.partition('.')[0] for name in sys.modules}, *sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    slow = {
        "rich",
        "psycopg",
        "jinja2",
        "markupsafe",
        "jsonschema",
        "yaml",
        "postgast",
        "svg",
        "tomllib",
        "executor.config",
    }
    assert slow & set(done.stdout.split()) == set()
