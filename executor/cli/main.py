"""The command `executor`: its verbs, and from which file each comes."""

from __future__ import annotations

import click

from executor import __version__

from .backups import backups
from .control import change, pause, resume, swap
from .demo import demo
from .errors import Main
from .health import health
from .init import completion, init, plans, schema, show_configuration
from .render import facts, lint, render, validate
from .review import diff, queries, rehearse, review
from .run import maintain, rollback, run, verify
from .status import report, status


def _show_version(context: click.Context, _: click.Parameter, asked: bool) -> None:
    if not asked or context.resilient_parsing:
        return
    from executor.commit import commit

    known = commit()
    click.echo(f"executor, version {__version__}" + f" (commit {known})" * bool(known))
    context.exit()


@click.group(
    cls=Main,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": "EXECUTOR"},
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_show_version,
    help="Show the version, and the commit where that is known, and exit.",
)
@click.option(
    "--config",
    metavar="FILE",
    help="The configuration.  [default: the nearest executor.toml, or pyproject.toml, upward]",
)
def main(config: str | None) -> None:
    """Run declarative SQL plans on PostgreSQL: every statement readable beforehand, every step
    one transaction, every claim proven, everything reversible.

    PLAN is a file, or the name of one in plans/ or here; left out, the only plan in plans/.

    \b
    Exit codes: 0 fine, 1 bug (of health: not healthy), 2 usage, 3 plan invalid, edited or done,
    4 can't connect or run owned by another executor, 5 SQL failed, 6 assertion failed (of lint:
    a remark), 7 rollback failed, 8 backup missing, expired or not verified, 130 interrupted.
    """


for verb in (
    *(init, plans, schema, completion, render, facts, validate, lint, review, diff, rehearse),
    *(run, rollback, verify, status, report, pause, resume, swap, change),
    *(queries, maintain, health, backups, demo, show_configuration),
):
    main.add_command(verb)
