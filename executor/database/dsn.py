"""Connection strings, looked at before libpq sees them, whose errors could show a password."""

from __future__ import annotations

from urllib.parse import urlsplit

import psycopg
from psycopg.conninfo import conninfo_to_dict

from executor.errors import ConnectError


def check_dsn(dsn: str | None) -> str:
    """A connection string that libpq reads; raises ConnectError without repeating it."""
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
