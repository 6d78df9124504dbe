"""`executor init` and `config`: a plan for a table, and what holds for all plans of a project.

And what helps to write one: `executor plans`, `executor schema` and `executor completion`.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from executor.errors import UsageError

from .errors import Command, variable_of
from .options import (
    DSN,
    FORMAT,
    REHEARSED,
    configuration,
    connection,
    environment,
    server,
    together,
)
from .output import as_json, place, put

if TYPE_CHECKING:
    from executor.init.ask import Survey
    from executor.plan.model import Place

_NONE = "none"
_SOURCES = {"COMMANDLINE": "the command line", "ENVIRONMENT": "$EXECUTOR_{}"}


@click.command(cls=Command)
@click.argument("table", required=False)
@click.option(
    "--layout",
    metavar="LAYOUT",
    help="How the table is to be divided: hash:32, hash:customer_id:32, range:created_at:month,"
    " list:tenant_id, list_by_hash:collection_id:100, plain, adopt, or two levels, such as"
    " range:created_at:month/hash:tenant_id:8.  [default: what is recommended]",
)
@click.option(
    "--column",
    "column",
    multiple=True,
    metavar="NAME:TYPE",
    help="Give a column another type on the way, such as id:bigint.",
)
@click.option(
    "--size", metavar="SIZE", help="Recommend for a table of this size, such as 300GB, to be."
)
@click.option(
    "--rehearse",
    "tries",
    is_flag=True,
    help="Try each layout on a server of our own with some of the rows, and recommend the one with"
    " which fewest calls of statements become slower, or fail.",
)
@click.option(
    "--queries",
    metavar="FILE",
    help="With --rehearse, the statements of a file of SQL.  [default: pg_stat_statements]",
)
@click.option(
    "--rows",
    type=click.IntRange(1),
    default=20_000,
    show_default=True,
    help="With --rehearse, about how many rows are taken.",
)
@together(*REHEARSED)
@click.option("-o", "file", metavar="FILE", help="Write the plan to FILE, which must not be there.")
@DSN
def init(
    table: str | None,
    layout: str | None,
    column: tuple[str, ...],
    size: str | None,
    tries: bool,
    queries: str | None,
    rows: int,
    on: str | None,
    synthetic: bool,
    file: str | None,
    dsn: str | None,
) -> None:
    """Look at TABLE, say which layouts it can have and what each would do, and write a plan.

    Only catalogs and counters are read, in one read-only transaction; with --rehearse rows, too.
    The plan goes to stdout and the page to stderr; with -o the plan to FILE, the page to stdout.
    """
    from executor.init.page import as_page

    asks = sys.stdin.isatty() and sys.stderr.isatty()
    _only_with(tries, {"--queries": queries, "--on": on, "--synthetic": synthetic})
    path = _new(file) if file else None
    if table is None and not asks:
        raise UsageError("say which table", hint="executor init TABLE")
    table = table or str(click.prompt("Table", err=True))
    with server(dsn) as target:
        found = _survey(target, table, layout, column, size)
        if tries:
            found = _tried(target, found, rows, queries, on, synthetic)
        print(as_page(found), file=sys.stdout if path else sys.stderr)
        if asks and layout is None:
            layout = _asked("Layout", found.chosen.spec if found.chosen else _NONE)
            found = _survey(target, table, layout, column, size) if layout else found
        if asks and layout and path is None:
            path = _new(_asked("Write the plan to", f"{found.table.name.name}.yaml") or "")
    if found.chosen is None or (asks and not layout):
        _end_without(found, path)
    else:
        _write(found, path)


def _write(found: Survey, path: Path | None) -> None:
    from executor.init.page import as_plan

    if path:
        if found.chosen and path.name.lower() == found.chosen.extends.lower():
            raise UsageError(
                f"{path}: a plan of that name would extend itself, in place of executor's own",
                hint="name another file with -o",
            )
        put(path, as_plan(found, path))
        print(f"wrote {path}; `executor run --dry-run {path}` asks whether all is as it must be")
    else:
        print(as_plan(found, None), end="")


def _asked(question: str, default: str) -> str | None:
    answer = str(click.prompt(question, default=default, err=True)).strip()
    return None if answer == _NONE else answer


def _new(file: str) -> Path:
    """A file that is not there yet."""
    path = place(file)
    if os.path.lexists(file):
        raise UsageError(
            f"{file} is there already, and is not written over", hint="name another file with -o"
        )
    if path.suffix not in (".yaml", ".yml"):
        raise UsageError(f"-o {file}: a plan's file is named *.yaml", hint=f"-o {file}.yaml")
    return path


def _survey(
    dsn: str | None, table: str, layout: str | None, column: tuple[str, ...], size: str | None
) -> Survey:
    from executor.database.session import Connector
    from executor.init.ask import survey

    with Connector(dsn, "executor:init", read_only=True).session() as session:
        return survey(session, table, layout=layout, columns=column, size=size)


def _only_with(tries: bool, given: Mapping[str, object]) -> None:
    if not tries and (option := next(filter(given.get, given), None)):
        raise UsageError(f"{option} says how layouts are tried: give --rehearse, too")


def _tried(
    dsn: str | None, found: Survey, rows: int, queries: str | None, on: str | None, synthetic: bool
) -> Survey:
    from executor.rehearse.layouts import try_layouts
    from executor.rehearse.trial import Wish

    wish = Wish(dsn, {}, rows, queries=queries, on=on, synthetic=synthetic)
    return try_layouts(wish, found, lambda line: print(f"{line} ...", file=sys.stderr))


def _end_without(found: Survey, path: Path | None) -> None:
    """Nothing is written; raises UsageError if a file was asked for."""
    if path:
        raise UsageError(
            f"no layout is recommended for {found.table.name}, and nothing was written",
            hint="--layout chooses one all the same; --size says how large the table will be",
        )


@click.command(cls=Command)
@FORMAT
def plans(output: str) -> None:
    """List the plans that a bare name means: those in plans/, and executor's own."""
    from executor.plan.listed import listed

    found = list(listed())
    if output == "json":
        for one in found:
            print(as_json({"event": "Plan", **one._asdict()}))
        return
    width = max((len(one.spelled) for one in found), default=0)
    for one in found:
        print(f"{one.spelled:{width}}  {one.description}")


@click.command(cls=Command)
@click.option("-o", "target", metavar="FILE", help="Where to.  [default: stdout]")
def schema(target: str | None) -> None:
    """Print the JSON schema of a plan, by which an editor checks one while it is written.

    The first line of a plan says where it is: # yaml-language-server: $schema=FILE.
    """
    from executor.resources import home

    text = (home() / "schema.json").read_text(encoding="utf-8")
    if target is None:
        print(text, end="")
    else:
        put(place(target), text)


#: where each shell looks for what completes a command, below a directory of the user's
_COMPLETIONS = {
    "bash": ("XDG_DATA_HOME", ".local/share", "bash-completion/completions/executor"),
    "zsh": ("XDG_DATA_HOME", ".local/share", "zsh/site-functions/_executor"),
    "fish": ("XDG_CONFIG_HOME", ".config", "fish/completions/executor.fish"),
}


@click.command(cls=Command)
@click.argument("shell", type=click.Choice([*_COMPLETIONS]))
@click.option("--install", is_flag=True, help="Write it to where the shell looks for it.")
def completion(shell: str, install: bool) -> None:
    """Print what makes SHELL complete commands, options and plans.

    bash: eval "$(executor completion bash)" in ~/.bashrc, or --install once.
    """
    from click.shell_completion import get_completion_class

    own = get_completion_class(shell)
    assert own is not None  # for the type checker
    root = click.get_current_context().find_root()
    text = own(root.command, {}, "executor", "_EXECUTOR_COMPLETE").source()
    if not install:
        print(text)
        return
    variable, usual, file = _COMPLETIONS[shell]
    path = Path(os.environ.get(variable) or Path.home() / usual) / file
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{path} can't be written: {error.strerror}") from error
    put(place(str(path)), f"{text}\n")
    print(f"wrote {path}; a new shell completes executor", file=sys.stderr)
    if shell == "zsh":
        print(f"if ~/.zshrc has, before compinit: fpath=({path.parent} $fpath)", file=sys.stderr)


@click.command("config", cls=Command)
@together(DSN, FORMAT)
@click.pass_context
def show_configuration(ctx: click.Context, dsn: str | None, output: str) -> None:
    """Show what holds here, and who has said it: the command line, a variable, or a line of the
    configuration. It connects nowhere, and shows no password.
    """
    from .progress import print_table

    found = list(_settings(ctx, dsn, output))
    if output == "json":
        for name, value, source in found:
            print(as_json({"setting": name, "value": value, "from": source}))
    else:
        shown = [(name, str(value), source) for name, value, source in found]
        print_table(("setting", "value", "from"), shown)


def _settings(
    ctx: click.Context, dsn: str | None, output: str
) -> Iterator[tuple[str, object, str]]:
    """What is set, its value, and who has set it."""
    ours, main = configuration(ctx), ctx.find_root()
    name, how = environment(ctx)
    said = "--config" if main.params["config"] else "found upward"
    yield "file", str(ours.file or "none"), said if ours.file else ""
    by_file = _at(ours.place("environment")) if name else ""
    yield "environment", name or "none", _SOURCES.get(how.name, "").format("ENV") or by_file
    yield "dsn", _without_password(dsn), connection(ctx)
    by_file = _at(ours.place("plans")) if ours.plans else ""
    yield "plans", str(ours.plans or "plans"), by_file or "default"
    how = ctx.get_parameter_source("output") or how
    by_file = _at(ours.place("format")) if "format" in ours.data else ""
    yield "format", output, _SOURCES.get(how.name, "").format("FORMAT") or by_file or "default"
    for variable, default in sorted(ours.defaults(name).items()):
        yield f"variable {variable}", default.value, _at(default.place)
    for number, hook in enumerate(ours.hooks):
        yield f"hook {hook.name}", ", ".join(hook.on), _at(ours.place("hooks", number))
    yield from _of_commands(main.command, "executor")


def _of_commands(command: click.Command, path: str) -> Iterator[tuple[str, object, str]]:
    """The options of all commands that a variable of the process sets."""
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from _of_commands(below, f"{path} {name}")
        return
    for option in command.params:
        if isinstance(option, click.Option):
            variable = f"{path} {variable_of(option)}".replace(" ", "_").upper()
            if value := os.environ.get(variable):
                shown = _without_password(value) if option.metavar == "DSN" else value
                yield f"{path} {max(option.opts, key=len)}", shown, f"${variable}"


def _at(place: Place) -> str:
    return place.file if place.file.startswith("$") else f"{place.file}:{place.line}"


def _without_password(dsn: str | None) -> str:
    from executor.database.dsn import for_programs

    if dsn and dsn.startswith("embedded:"):
        return dsn
    return for_programs(dsn)[0]
