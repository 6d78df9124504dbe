"""Jinja as our templates speak it: what may be printed, what is refused, what a template uses.

In SQL nothing is printed but integers and what the filters `ident` and `literal` return; Jinja's
`finalize` refuses the rest. Joining or concatenating their results makes plain text again, so a
value can't reach SQL unquoted, whatever a template does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import StrictUndefined, Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .compiled import Compiled
from .names import Name, Sql, ident, literal
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
    #: names that it sets and its includes see ({% with %}, {% for %}, {% set %})
    assigned: tuple[str, ...]
    uses: tuple[tuple[str | None, int], ...]  # templates of its include and from; None: computed


def facts(template: Template) -> Facts:
    """The facts of a compiled template."""
    return Facts(*template.root_render_func.__globals__["facts"])


class _CodeGenerator(CodeGenerator):
    """Refuses what prints past the check, and writes the facts beside the code."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._undeclared: set[str] = set()

    def enter_frame(self, frame: Frame) -> None:
        """As Jinja's, and remember the variables that the frame takes from outside."""
        super().enter_frame(frame)
        self._undeclared |= {
            name
            for action, name in frame.symbols.loads.values()
            if action == "resolve" and name not in self.environment.globals
        }

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        """As Jinja's, and the facts."""
        lines: dict[str, int] = {}
        assigned: dict[str, None] = {}
        uses: dict[type, list[tuple[str | None, int]]] = {nodes.Include: [], nodes.FromImport: []}
        for child in _walk(node):
            if isinstance(child, nodes.Name):
                lines.setdefault(child.name, child.lineno)
                if child.ctx != "load":
                    assigned[child.name] = None
            elif isinstance(child, nodes.Include | nodes.FromImport):
                target = child.template
                name = str(target.value) if isinstance(target, nodes.Const) else None
                uses[type(child)].append((name, child.lineno))
        super().visit_Template(node, frame)
        free = [item for item in lines.items() if item[0] in self._undeclared]
        found = (tuple(free), tuple(assigned), (*uses[nodes.Include], *uses[nodes.FromImport]))
        self.writeline(f"facts = {found!r}")

    def _refuse(self, node: nodes.FilterBlock | nodes.CallBlock, frame: Frame) -> None:  # noqa: ARG002
        tag = "filter" if isinstance(node, nodes.FilterBlock) else "call"
        self.fail(
            f"{{% {tag} %}} prints past the check of what is quoted; use a filter", node.lineno
        )

    visit_FilterBlock = visit_CallBlock = _refuse  # noqa: N815 - Jinja's names


def _walk(tree: nodes.Node) -> Iterator[nodes.Node]:
    """Every node, in the order in which it is written."""
    left = [tree]
    while left:
        node = left.pop()
        yield node
        left += reversed(list(node.iter_child_nodes()))


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
            ident=_defined(ident), literal=_defined(literal), name=as_name, suffix=_suffix
        )

    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """As Jinja's, which would let quoted text be formatted and call the result quoted."""
        wrapped = super().wrap_str_format(value)
        if wrapped and isinstance(value.__self__, Sql):
            raise SecurityError("quoted text can't be formatted; format first, then quote")
        return wrapped


def sql(sources: Sources, kept: Path) -> _Environment:
    """The environment of the SQL templates; those below ``kept`` are kept."""
    cache = Compiled(kept, Path(__file__))
    return _Environment(loader=sources, finalize=_only_quoted, bytecode_cache=cache)


def text() -> _Environment:
    """The environment of the values of a plan."""
    return _Environment()
