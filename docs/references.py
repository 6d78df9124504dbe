"""Writes the pages that are made from the program: options.md from the commands, facts.md from the queries of
the catalog.

python -m docs.references
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from pathlib import Path

import click

from executor.cli.errors import variable_of
from executor.cli.main import main
from executor.plan.loader import load

_ROOT = Path(__file__).resolve().parent.parent
_MADE = "<!-- Made by `python -m docs.references` from {}. Do not edit. -->"

_OPTIONS = """\
# Options of each command

{made}

What `executor COMMAND --help` says of each command, on one page. [Commands](commands.md) says which one is for what,
and has the [exit codes](commands.md#exit-codes). `-h` and `--help` are options of all of them.
"""

_FACTS = """\
# Facts

{made}

What the flagship plan, and those that extend it, ask the catalog of a table before a run: each is one SELECT, a record a
row. [Facts in templates](templates.md#facts-sql-that-depends-on-the-table) says how they are used;
`executor facts PLAN` prints those of your table. The columns are those of the [facts beside the plan](../plans/chunks_100_partitions.facts.json),
where that table has rows of the kind; `_sql` at the end of a name marks what PostgreSQL has written as SQL itself.

| fact | says | columns |
| --- | --- | --- |
"""


def options() -> str:
    """The page of all commands with their arguments and options."""
    parts = [_OPTIONS.format(made=_MADE.format("executor/cli"))]
    for name, command in commands(main, ""):
        help_text = inspect.cleandoc(command.help or "").replace("\b\n", "")
        usage = command.collect_usage_pieces(click.Context(command, info_name=name))
        parts += [f"## executor {name}\n", f"```\nexecutor {name} {' '.join(usage)}\n```\n"]
        parts += [re.sub(r"(?<![\w`])([A-Z]{4,})(?![\w`])", r"`\1`", _escaped(help_text)) + "\n"]
        rows = [_row(name, option) for option in command.params if isinstance(option, click.Option)]
        if rows:
            parts += ["\n".join(["| option | meaning |", "| --- | --- |", *rows]) + "\n"]
    return "\n".join(parts)


def commands(group: click.Group, before: str) -> Iterator[tuple[str, click.Command]]:
    """Each command that does something, with its whole name, in the order of the alphabet."""
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name, command


def _row(command: str, option: click.Option) -> str:
    names = ", ".join(f"`{name}`" for name in (*option.opts, *option.secondary_opts))
    metavar = option.make_metavar(_CONTEXT).replace("|", "\\|")
    takes = "" if option.is_flag or option.count else f" `{metavar}`"
    told = [" ".join((option.help or "").split())]
    if option.multiple:
        told.append("May be given more than once.")
    if isinstance(option.default, (str, int)) and not option.is_flag and option.default != "":
        told.append(f"Default: {option.default}.")
    given = option.envvar or ()
    named = [given] if isinstance(given, str) else list(given)
    own = f"EXECUTOR_{command}_{variable_of(option)}".replace(" ", "_").replace("-", "_").upper()
    if common := [name for name in named if name != own]:  # as each has its own once it was used
        told.append(f"Environment: {', '.join(common)}.")
    return f"| {names}{takes} | {_escaped(' '.join(filter(None, told)))} |"


_CONTEXT = click.Context(main)


def _escaped(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*")


def of_a_table() -> str:
    """The page of all facts of the flagship plan."""
    plan = load(_ROOT / "plans/chunks_100_partitions.yaml").plan
    file = _ROOT / "plans/chunks_100_partitions.facts.json"
    found = json.loads(file.read_text(encoding="utf-8"))["facts"]
    parts = [_FACTS.format(made=_MADE.format("sql/facts and the facts beside the flagship plan"))]
    for name, template in plan.facts.items():
        text = (_ROOT / "sql" / template).read_text(encoding="utf-8")
        head = re.match(r"(?:-- .*\n)+", text)
        says = " ".join(line.removeprefix("-- ") for line in head[0].splitlines()) if head else ""
        columns = ", ".join(f"`{column}`" for column in (found.get(name) or [{}])[0])
        parts.append(f"| [`{name}`](../sql/{template}) | {_escaped(says)} | {columns} |\n")
    return "".join(parts)


PAGES = {"options.md": options, "facts.md": of_a_table}

if __name__ == "__main__":
    for page, made in PAGES.items():
        (_ROOT / "docs" / page).write_text(made(), encoding="utf-8")
