"""Connection strings, of which no error repeats a password, and no command line shows one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from executor.errors import ConnectError, UsageError

_EMBEDDED = "embedded:"
_CREATE = "?create"  # after embedded:DIR, makes a server if there is none
#: what is secret, and the variable that a program takes it from; most have none
_SECRET = {
    "password": "PGPASSWORD",
    **dict.fromkeys(("sslpassword", "oauth_client_secret"), ""),
    **dict.fromkeys(("scram_client_key", "scram_server_key"), ""),
}


@contextmanager
def served(dsn: str | None) -> Iterator[str | None]:
    """The DSN to connect to: of embedded:DIR that of a server, which is there meanwhile."""
    if not dsn or not dsn.startswith(_EMBEDDED):
        yield dsn
        return
    from .embedded import kept_server  # noqa: PLC0415 - few need it

    directory = dsn.removeprefix(_EMBEDDED)
    create = directory.endswith(_CREATE)
    with kept_server(directory.removesuffix(_CREATE), create=create) as kept:
        yield kept


def for_programs(dsn: str | None) -> tuple[str, dict[str, str]]:
    """What a program is given of a DSN: an argument, and variables for what is secret."""
    given = conninfo_to_dict(check_dsn(dsn))
    secret = {_SECRET[key]: str(given.pop(key)) for key in _SECRET if key in given}
    secret.pop("", None)
    return make_conninfo("", **given), secret


def from_parameters(given: Mapping[str, Any]) -> str:
    """The DSN of parameters of libpq, as other tools know them; UsageError for one of another."""
    for name in given:
        try:
            make_conninfo("", **{name: ""})
        except psycopg.ProgrammingError:
            raise UsageError(
                f"{name!r} is no parameter of libpq: give the `dsn` to be connected with"
            ) from None
    return make_conninfo("", **{name: value for name, value in given.items() if value is not None})


def changed(dsn: str, **options: str) -> str:
    """The DSN with other options, such as the name of a database or of a role."""
    return make_conninfo(dsn, **options)


def check_dsn(dsn: str | None) -> str:
    """A connection string that libpq reads; raises ConnectError without repeating it.

    It is looked at before libpq sees it, whose errors could show a password.
    """
    if not dsn:
        return ""
    scheme, separator, rest = dsn.partition("://")
    if separator:
        # postgresql+psycopg://, as other tools write it
        scheme = scheme.partition("+")[0]
        if scheme not in ("postgresql", "postgres"):
            raise ConnectError(
                "the DSN is not PostgreSQL's", hint="postgresql://user@host/database"
            )
        dsn = f"{scheme}://{rest}"
        authority = rest.split("/")[0].split("?")[0]
        if authority.count("@") > 1:
            raise ConnectError(
                "the DSN holds more than one @", hint="write an @ in the password as %40"
            )
        try:
            _ = urlsplit(dsn).port
        except ValueError:
            raise ConnectError(
                "the DSN's port is not a number",
                hint="percent-encode : / ? # and @ in user and password",
            ) from None
    try:
        conninfo_to_dict(dsn)
    except psycopg.Error:
        raise ConnectError(
            "the DSN can't be read", hint="postgresql://user@host:5432/database, or key=value pairs"
        ) from None
    return dsn
