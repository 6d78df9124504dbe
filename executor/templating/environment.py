"""Jinja as our templates speak it: what may be printed, what is refused, what a template uses.

In SQL nothing is printed but integers and what the filters `ident` and `literal` return; Jinja's
`finalize` refuses the rest. Joining or concatenating their results makes plain text again, so a
value can't reach SQL unquoted, whatever a template does.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import StrictUndefined, Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from . import scopes
from .cache import Compiled
from .names import Name, Sql, dollar_quoted, ident, literal, short_name
from .scopes import Scopes, Use
from .sources import Sources


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


class Facts(NamedTuple):
    """What a template needs, found when it is compiled."""

    free: tuple[tuple[str, int], ...]  # variables that it does not set itself, and their lines
    uses: tuple[Use, ...]


def facts(template: Template) -> Facts:
    """The facts of a compiled template."""
    free, uses = template.root_render_func.__globals__["facts"]
    return Facts(free, tuple(Use(*use) for use in uses))


class _CodeGenerator(CodeGenerator):
    """Refuses what prints past the check, and writes the facts beside the code."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        """As Jinja's, and the facts."""
        found = Scopes(node, self.environment.globals)
        super().visit_Template(node, frame)
        known = (tuple(found.free.items()), tuple(map(tuple, found.uses)))
        self.writeline(f"facts = {known!r}")

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
            # a template is read once: what is edited during a run is for the next one
            auto_reload=False,
            cache_size=-1,
            optimized=False,  # to fold constants takes longer than they do
            **options,
        )
        self.filters.update(
            ident=_defined(ident),
            literal=_defined(literal),
            dollar_quoted=_defined(dollar_quoted),
            name=as_name,
            suffix=_suffix,
            short_name=short_name,
        )

        self._found: dict[str, Template] = {}
        self._safe: dict[tuple[type, str], bool] = {}

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - Jinja's name
    ) -> Template:
        """As Jinja's, which takes some time to find what it has: a text includes a dozen."""
        if not isinstance(name, str) or globals:
            return super().get_template(name, parent, globals)
        found = self._found.get(name)
        if found is None:
            found = self._found[name] = super().get_template(name, parent)
        return found

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """As Jinja's, whose answer depends on the type alone; templates ask thousands of times."""
        key = (type(obj), attr)
        safe = self._safe.get(key)
        if safe is None:
            safe = self._safe[key] = super().is_safe_attribute(obj, attr, value)
        return safe

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """As Jinja's, which would let quoted text be formatted and call the result quoted."""
        wrapped = super().wrap_str_format(value)
        if wrapped and isinstance(value.__self__, Sql):
            raise SecurityError("quoted text can't be formatted; format first, then quote")
        return wrapped


def sql(sources: Sources, kept: Path) -> _Environment:
    """The environment of the SQL templates; those below ``kept`` are kept."""
    cache = Compiled(kept, Path(__file__), Path(scopes.__file__))
    return _Environment(loader=sources, finalize=_only_quoted, bytecode_cache=cache)


def text() -> _Environment:
    """The environment of the values of a plan."""
    return _Environment()
