"""Asks templates of sql/ over a session, and says in a sentence what PostgreSQL refuses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from executor.errors import ConnectError, SqlError
from executor.templating.templates import Templates, own_templates

from .session import NO_RIGHT, DatabaseError, Result, Session, reason


class Queries:
    """Templates of sql/, each sent over one session: our own, or those of a plan."""

    def __init__(self, session: Session, templates: Templates | None = None) -> None:
        self.session = session
        self.templates = templates or own_templates()

    def text(self, template: str, /, **values: object) -> str:
        """The SQL of a template."""
        return self.templates.render(template, values)

    def send_alone(self, template: str, /, **values: object) -> Result:
        """Send a template in a transaction of its own."""
        return self.session.execute_alone(self.text(template, **values))

    def send_outside(self, template: str, /, **values: object) -> Result:
        """Send a template of one statement that PostgreSQL takes in no transaction."""
        return self.session.execute_outside(self.text(template, **values))

    def send(self, template: str, /, **values: object) -> Result:
        """Send a template in the transaction that is open, if there is one."""
        return self.session.execute(self.text(template, **values))

    def perform(self, text: str) -> int:
        """Send the statements that SQL asks the catalog for, in the open transaction; how many."""
        statements = [row["statement"] for row in self.session.execute(text).rows]
        if statements:
            self.session.execute("\n;\n".join(statements))
        return len(statements)


@contextmanager
def explained(what: str, *, without_right: tuple[str, str] | None = None) -> Iterator[None]:
    """Make a SqlError of what PostgreSQL refuses here: `what` can't be done, and why.

    Where a right is lacking it is a ConnectError with a sentence of its own and a hint, if given.
    """
    try:
        yield
    except DatabaseError as error:
        if without_right and error.sqlstate == NO_RIGHT:
            sentence, hint = without_right
            raise ConnectError(f"{sentence}: {reason(error)}", hint=hint) from error
        raise SqlError(f"{what}: {reason(error)}", sqlstate=error.sqlstate or "") from error
