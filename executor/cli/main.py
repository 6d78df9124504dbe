"""The command `executor`: its verbs, and from which file each comes."""

from __future__ import annotations

import click

from executor import __version__

from .backups import backups
from .control import change, pause, resume, swap
from .demo import demo
from .errors import Main
from .health import health
from .init import init, show_configuration
from .render import facts, render, validate
from .review import diff, queries, rehearse, review
from .run import maintain, rollback, run, verify
from .status import report, status


@click.group(
    cls=Main,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "EXECUTOR"},
)
@click.version_option(__version__, prog_name="executor")
@click.option(
    "--config",
    metavar="FILE",
    help="The configuration.  [default: the nearest executor.toml, or pyproject.toml, upward]",
)
def main(config: str | None) -> None:
    """Run declarative SQL plans on PostgreSQL: every statement readable beforehand, every step
    one transaction, every claim proven, everything reversible.

    PLAN is a file, or the name of one in plans/; left out, the only plan there.

    \b
    Exit codes: 0 fine, 1 bug (of health: not healthy), 2 usage, 3 plan invalid, edited or done,
    4 can't connect or run owned by another executor, 5 SQL failed, 6 assertion failed,
    7 rollback failed, 8 backup missing, expired or not verified, 130 interrupted.
    """


for verb in (
    *(init, render, facts, validate, review, diff, rehearse, run, rollback, verify, status, report),
    *(pause, resume, swap, change, queries, maintain, health, backups, demo),
    show_configuration,
):
    main.add_command(verb)
