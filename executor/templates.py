"""Jinja for SQL and for the values of a plan. Pure: reads template files, nothing else.

In SQL nothing is printed but integers and what the filters `ident` and `literal` return; Jinja's
`finalize` refuses the rest. Joining or concatenating their results makes plain text again, so a
value can't reach SQL unquoted, whatever a template does.
"""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import (
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
)
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError, TemplateError, UndefinedError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .errors import PlanError, Problem
from .names import Name, Sql, ident, literal

Values = Mapping[str, Any]

#: what an expression of a template may raise: Jinja's own, and what its filters and methods let out
_FAILURES = (
    *(TemplateError, ValueError, TypeError, ArithmeticError),
    *(AttributeError, LookupError, RecursionError),
)


def as_name(value: Any) -> Name:
    """The filter `name`: text as a table's name."""
    return value if isinstance(value, Name) else Name.parse(str(value))


def _suffix(value: Any, text: Any) -> Name:
    return as_name(value).suffix(str(text))


def _defined(quote: Callable[[Any], Sql]) -> Callable[[Any], Sql]:
    def checked(value: Any) -> Sql:
        if isinstance(value, StrictUndefined):
            str(value)  # raises, naming the variable
        return quote(value)

    return checked


def _only_quoted(value: Any) -> Any:
    if isinstance(value, Sql | StrictUndefined):  # Jinja says which name is undefined
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return literal(value)
    raise ValueError(
        f"{value!r} would reach SQL unquoted; print it with | ident (a name) or | literal (a value)"
    )


class _CodeGenerator(CodeGenerator):
    def _refuse(self, node: nodes.FilterBlock | nodes.CallBlock, frame: Frame) -> None:  # noqa: ARG002
        tag = "filter" if isinstance(node, nodes.FilterBlock) else "call"
        self.fail(
            f"{{% {tag} %}} prints past the check of what is quoted; use a filter", node.lineno
        )

    visit_FilterBlock = visit_CallBlock = _refuse  # noqa: N815 - Jinja's names


class _Environment(ImmutableSandboxedEnvironment):
    code_generator_class = _CodeGenerator

    def __init__(self, **options: Any) -> None:
        super().__init__(
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            # Jinja's own {# would silently swallow SQL such as '{#'
            comment_start_string="{##",
            comment_end_string="##}",
            **options,
        )
        self.filters.update(
            ident=_defined(ident), literal=_defined(literal), name=as_name, suffix=_suffix
        )

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """As Jinja's, which would let quoted text be formatted and call the result quoted."""
        wrapped = super().wrap_str_format(value)
        if wrapped and isinstance(value.__self__, Sql):
            raise SecurityError("quoted text can't be formatted; format first, then quote")
        return wrapped


class Templates:
    """The SQL templates of some directories, the first directory that has a file wins."""

    def __init__(self, directories: Sequence[Path]) -> None:
        self.directories = tuple(directories)
        loader = FileSystemLoader([str(directory) for directory in directories])
        self._sql = _Environment(loader=loader, finalize=_only_quoted)
        self._text = _Environment()
        self._parsed = cache(self._parse)

    def render(self, template: str, values: Values) -> str:
        """The SQL of a template file; raises PlanError with the template's file and line."""
        with_problem = _Locator(self, template)
        try:
            return self._sql.get_template(template).render(values)
        except _FAILURES as error:
            raise PlanError([with_problem(error)]) from error

    def exists(self, template: str) -> bool:
        """Whether there is such a file in one of the directories."""
        return self.path(template) is not None

    def path(self, template: str) -> Path | None:
        """The file behind a template's name."""
        for directory in self.directories:
            file = directory / template
            with suppress(OSError):  # such as a name that is too long
                if file.is_file() and directory.resolve() in file.resolve().parents:
                    return file
        return None

    def problems(self, template: str, known: frozenset[str]) -> Iterator[Problem]:
        """What is wrong with a template and all it includes, found without rendering it."""
        yield from self._problems(template, known, seen=set())

    def _problems(self, template: str, known: frozenset[str], seen: set[str]) -> Iterator[Problem]:
        if template in seen:
            return
        seen.add(template)
        try:
            tree, undeclared = self._parsed(template)
        except (TemplateError, UnicodeDecodeError, RecursionError) as error:
            yield _Locator(self, template)(error)
            return
        unknown = undeclared - known
        for node in tree.find_all(nodes.Name):
            if node.name in unknown:
                unknown.discard(node.name)
                message = f"unknown variable {node.name!r}"
                yield Problem(self.display(template), node.lineno, "", message)
        here = known | _assigned(tree)
        users: list[nodes.Include | nodes.FromImport] = [*tree.find_all(nodes.Include)]
        for include in [*users, *tree.find_all(nodes.FromImport)]:
            target = include.template
            if isinstance(target, nodes.Const) and not self.exists(target.value):
                message = f"uses {target.value!r}, which is in none of the sql/ directories"
                yield Problem(self.display(template), include.lineno, "", message)
            elif isinstance(target, nodes.Const):
                yield from self._problems(target.value, here, seen)

    def _parse(self, template: str) -> tuple[nodes.Template, set[str]]:
        source, file, _ = self._sql.loader.get_source(self._sql, template)  # type: ignore[union-attr]
        tree = self._sql.parse(source, template, file)
        return tree, find_undeclared_variables(tree)

    def display(self, template: str) -> str:
        """The file's name as people know it: sql/… and the template's name."""
        return f"sql/{template}"

    def value(self, given: Any, values: Values) -> Any:
        """A value of a plan: `{{ expression }}` keeps its type, other text is filled in."""
        if isinstance(given, Mapping):
            return {key: self.value(item, values) for key, item in given.items()}
        if isinstance(given, list | tuple):
            return [self.value(item, values) for item in given]
        if not isinstance(given, str):
            return given
        expression = whole_expression(given)
        if expression is not None:
            return self.expression(expression, values)
        return _plain_errors(lambda: self._text.from_string(given).render(values))

    def expression(self, text: str, values: Values) -> Any:
        """The value of a Jinja expression; raises ValueError with one sentence."""
        result = _plain_errors(
            lambda: self._text.compile_expression(text, undefined_to_none=False)(**values)
        )
        if isinstance(result, StrictUndefined):
            _plain_errors(lambda: str(result))
        return result

    def unknown_in(self, text: str, known: frozenset[str]) -> set[str]:
        """The variables of a value or expression of the plan that nothing defines."""
        return find_undeclared_variables(self._text.parse(text)) - known


def whole_expression(text: str) -> str | None:
    """The expression of a text that is one `{{ expression }}` and nothing else."""
    stripped = text.strip()
    inner = stripped[2:-2]
    if stripped.startswith("{{") and stripped.endswith("}}") and "{{" not in inner:
        return inner.strip()
    return None


def digest(text: str) -> str:
    """The sha256 of rendered SQL, by which drift is found."""
    return hashlib.sha256(text.encode()).hexdigest()


def _assigned(tree: nodes.Template) -> frozenset[str]:
    """Names that a template sets itself and its includes see ({% with %}, {% for %}, {% set %})."""
    return frozenset(n.name for n in tree.find_all(nodes.Name) if n.ctx in ("store", "param"))


def _plain_errors(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except UndefinedError as error:
        raise ValueError(f"unknown variable: {error.message}") from error
    except _FAILURES as error:
        raise ValueError(str(error)) from error


class _Locator:
    """Finds the template line behind an error of Jinja or of a filter."""

    def __init__(self, templates: Templates, template: str) -> None:
        self._templates = templates
        self._template = template

    def __call__(self, error: BaseException) -> Problem:
        name, line, message = self._template, 1, str(error)
        if isinstance(error, TemplateSyntaxError):
            name, line, message = error.name or name, error.lineno, error.message or message
        elif isinstance(error, TemplateNotFound):
            name, message = str(error.name or name), "no such file in the sql/ directories"
        else:
            for frame in traceback.extract_tb(error.__traceback__):
                for directory in self._templates.directories:
                    if Path(frame.filename).is_relative_to(directory) and frame.lineno:
                        name = str(Path(frame.filename).relative_to(directory))
                        line = frame.lineno
        return Problem(self._templates.display(name), line, "", message)
