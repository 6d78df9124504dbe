"""Which names a template takes from outside, found in its syntax tree. Pure.

A name that is set in one branch may be set after it: whether it is, only rendering can tell. What
is set in a loop, a `with`, a macro or a block ends with it, as Jinja has it.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from typing import NamedTuple

from jinja2 import nodes

_ALWAYS = {"self", "super"}
_IN_MACRO = {"caller", "varargs", "kwargs"}


class Use(NamedTuple):
    """A template that another one includes, imports or extends."""

    template: str | None  # None: computed
    line: int
    names: tuple[str, ...] | None  # set at that place; None: it sees nothing, not even the values


class Scopes:
    """Walks a tree in the order in which it is rendered."""

    def __init__(self, tree: nodes.Template, constants: Container[str]) -> None:
        self.free: dict[str, int] = {}  # names from outside, and the line of their first use
        self.uses: list[Use] = []
        self._constants = constants
        # who asks whether a name is there can do without it
        self._optional = {
            node.node.name
            for node in tree.find_all((nodes.Test, nodes.Filter))
            if node.name in ("defined", "undefined", "default", "d")
            and isinstance(node.node, nodes.Name)
        }
        # a macro or a block sees what the template sets after it, too
        self._everywhere = {name.name for name in tree.find_all(nodes.Name) if name.ctx != "load"}
        self._all(tree.body, set(_ALWAYS))

    def _all(self, body: Iterable[nodes.Node | None], names: set[str]) -> None:
        """Walk siblings; what they set is added to the names."""
        for node in body:
            if node is not None:
                self._node(node, names)

    def _node(self, node: nodes.Node, names: set[str]) -> None:
        match node:
            case nodes.Name() if node.ctx == "load":
                self._load(node.name, node.lineno, names)
            case nodes.Name():
                names.add(node.name)
            case nodes.NSRef():
                self._load(node.name, node.lineno, names)
            case nodes.Assign():
                self._all([node.node, node.target], names)
            case nodes.AssignBlock():
                self._all([*node.body, node.filter], set(names))
                self._all([node.target], names)
            case nodes.If():
                self._branches(node, names)
            case nodes.For():
                self._loop(node, names)
            case nodes.With():
                self._all(node.values, names)
                self._all([*node.targets, *node.body], set(names))
            case nodes.Macro():
                names.add(node.name)
                self._all(node.defaults, names)
                self._all([*node.args, *node.body], names | self._everywhere | _IN_MACRO)
            case nodes.Block():
                self._all(node.body, names | self._everywhere)
            case nodes.Scope() | nodes.ScopedEvalContextModifier():
                self._all(node.iter_child_nodes(), set(names))
            case nodes.Include() | nodes.Import() | nodes.FromImport() | nodes.Extends():
                self._use(node, names)
            case _:
                self._all(node.iter_child_nodes(), names)

    def _branches(self, node: nodes.If, names: set[str]) -> None:
        after: set[str] = set()
        self._all([node.test], names)
        for branch in (node.body, node.elif_, node.else_):
            inner = set(names)
            self._all(branch, inner)
            after |= inner
        names |= after

    def _loop(self, node: nodes.For, names: set[str]) -> None:
        self._all([node.iter], names)
        self._all(node.else_, set(names))
        self._all([node.target, node.test, *node.body], names | {"loop"})

    def _use(
        self,
        node: nodes.Include | nodes.Import | nodes.FromImport | nodes.Extends,
        names: set[str],
    ) -> None:
        self._all([node.template], names)
        target = node.template
        name = str(target.value) if isinstance(target, nodes.Const) else None
        if not getattr(node, "ignore_missing", False):
            seen = tuple(sorted(names)) if getattr(node, "with_context", True) else None
            self.uses.append(Use(name, node.lineno, seen))
        if isinstance(node, nodes.Import):
            names.add(node.target)
        if isinstance(node, nodes.FromImport):
            names |= {name if isinstance(name, str) else name[1] for name in node.names}

    def _load(self, name: str, line: int, names: set[str]) -> None:
        if name not in names and name not in self._constants and name not in self._optional:
            self.free.setdefault(name, line)
