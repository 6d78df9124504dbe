"""Jinja for SQL and for the values of a plan. Pure: reads template files, nothing else."""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateNotFound, TemplateSyntaxError
from jinja2.exceptions import TemplateError, UndefinedError

from executor import resources
from executor.errors import PlanError, Problem

from . import environment as dialect
from .scopes import Scopes
from .sources import INLINE, Sources, UnsafeTemplateError

Values = Mapping[str, Any]

#: what an expression of a template may raise: Jinja's own, and what its filters and methods let out
_FAILURES = (
    *(TemplateError, ValueError, TypeError, ArithmeticError),
    *(AttributeError, LookupError, RecursionError),
)


class Templates:
    """The SQL templates of some directories, the first directory that has a file wins."""

    def __init__(self, directories: Sequence[Path]) -> None:
        self.directories = tuple(directories)
        own = resources.home() / "sql"
        self._sources = Sources(directories, own)
        self._sql = dialect.sql(self._sources, kept=own)
        self._text = dialect.text()
        #: texts of steps that were found sound, without their numbers, and whether in a transaction
        self.sound: set[tuple[bool, str]] = set()
        # a plan says the same few things again and again
        self._filled = cache(self._text.from_string)
        self._compiled = cache(self._compile)
        self._undeclared = cache(self._find_undeclared)

    def render(self, template: str, values: Values) -> str:
        """The SQL of a template file; raises PlanError with the template's file and line."""
        with_problem = _Locator(self, template)
        try:
            return self._sql.get_template(template).render(values)
        except _FAILURES as error:
            raise PlanError([with_problem(error)]) from error

    def line(self, template: str, values: Values, text: str, as_shown: Callable[[str], str]) -> int:
        """The line of a template that prints a text, as it is shown; 0 if it does not print it."""
        compiled = self._sql.get_template(template)
        written = self._sources.get_source(self._sql, template)[0]
        pieces: list[tuple[int, int, str]] = []  # begin, line of the template, text
        end = 0
        printing: Any = compiled.root_render_func(compiled.new_context(dict(values)))
        for piece in printing:
            line = compiled.get_corresponding_lineno(printing.gi_frame.f_lineno)
            pieces.append((end, line, str(piece)))
            end += len(piece)
        begin = as_shown("".join(piece for _, _, piece in pieces)).find(text)
        before = [one for one in pieces if one[0] <= begin]
        if begin < 0 or not before:
            return 0
        start, line, piece = before[-1]
        above = sum(map(len, written.splitlines(keepends=True)[: line - 1]))
        # what a template prints of a value, or of another template, does not stand in it
        place = written.find(piece, above)
        return written.count("\n", 0, place + begin - start) + 1 if place >= 0 else line

    def exists(self, template: str) -> bool:
        """Whether there is such a file in one of the directories, or it is a text of the plan."""
        return self.is_inline(template) or self.path(template) is not None

    def is_inline(self, template: str) -> bool:
        """Whether it is a text of the plan."""
        return template in self._sources.inline

    def stands(self, template: str, file: str, line: int) -> None:
        """Say where a text of the plan stands; one that stands twice is known by the first."""
        # a block begins in the line below its key
        self._sources.inline.setdefault(template, (file, line + ("\n" in template)))

    def path(self, template: str) -> Path | None:
        """The file behind a template's name."""
        found = self._sources.find(template)
        return found and found[1]

    def taken(self) -> Iterator[Problem]:
        """The files beside a plan that bear the name of one of ours, which is used instead."""
        for file in self._sources.taken():
            message = "this template is executor's own and can't be replaced; give it another name"
            yield Problem(str(file), 1, "", message)

    def problems(self, template: str, known: frozenset[str]) -> Iterator[Problem]:
        """What is wrong with a template and all it includes, found without rendering it."""
        yield from self._problems(template, known, seen={})

    def _problems(
        self, template: str, known: frozenset[str], seen: dict[str, list[frozenset[str]]]
    ) -> Iterator[Problem]:
        if any(fewer <= known for fewer in seen.get(template, ())):
            return  # what is wrong with it was found where it knew less
        seen.setdefault(template, []).append(known)
        try:
            facts = dialect.facts(self._sql.get_template(template))
        except (TemplateError, UnicodeDecodeError, RecursionError) as error:
            yield _Locator(self, template)(error)
            return
        for name, line in facts.free:
            if name not in known:
                yield self.problem(template, line, f"unknown variable {name!r}")
        for target, line, names in facts.uses:
            if target is not None and not self.exists(target):
                message = f"uses {target!r}, which is in none of the sql/ directories"
                yield self.problem(template, line, message)
            elif target is not None:
                inner = frozenset() if names is None else known.union(names)
                yield from self._problems(target, inner, seen)

    def display(self, template: str) -> str:
        """Where people find it: sql/… and the template's name, or the plan and the line."""
        if not self.is_inline(template):
            return f"sql/{template}"
        file, line = self._sources.inline[template]
        return f"{file}:{line}"

    def problem(self, template: str, line: int, message: str) -> Problem:
        """A mistake in a line of a template."""
        if not self.is_inline(template):
            return Problem(self.display(template), line, "", message)
        file, first = self._sources.inline[template]
        return Problem(file, first + line - 1, "", message)

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
        return _plain_errors(lambda: self._filled(given).render(values))

    def expression(self, text: str, values: Values) -> Any:
        """The value of a Jinja expression; raises ValueError with one sentence."""
        result = _plain_errors(lambda: self._compiled(text)(**values))
        if isinstance(result, StrictUndefined):
            _plain_errors(lambda: str(result))
        return result

    def _compile(self, text: str) -> Callable[..., Any]:
        return self._text.compile_expression(text, undefined_to_none=False)

    def unknown_in(self, text: str, known: frozenset[str]) -> frozenset[str]:
        """The variables of a value or expression of the plan that nothing defines."""
        return self._undeclared(text) - known

    def _find_undeclared(self, text: str) -> frozenset[str]:
        return frozenset(Scopes(self._text.parse(text), ()).free)


@cache
def own_templates() -> Templates:
    """The templates that come with executor, without those of any plan."""
    return Templates((resources.home() / "sql",))


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
        elif isinstance(error, UnsafeTemplateError):
            name, line = error.name, error.line
        elif isinstance(error, TemplateNotFound):
            name, message = str(error.name or name), "no such file in the sql/ directories"
        else:
            for frame in traceback.extract_tb(error.__traceback__):
                if frame.filename.startswith(INLINE):
                    name, line = frame.filename.removeprefix(INLINE), frame.lineno or 1
                for directory in self._templates.directories:
                    if Path(frame.filename).is_relative_to(directory) and frame.lineno:
                        name = str(Path(frame.filename).relative_to(directory))
                        line = frame.lineno
        return self._templates.problem(name, line, message)
