"""The settings of every session: ours, so that nothing depends on those of a role or a server."""

from __future__ import annotations

from collections.abc import Mapping

DEFAULTS: Mapping[str, str] = {
    "search_path": "pg_catalog, pg_temp",  # no name is ever found by chance
    "lock_timeout": "5s",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
    "client_connection_check_interval": "2s",  # a killed executor's statement ends soon
    "row_security": "off",  # an error beats rows silently left out
    "TimeZone": "UTC",
    "DateStyle": "ISO, MDY",
    "IntervalStyle": "postgres",
    "bytea_output": "hex",
    "extra_float_digits": "3",
    "standard_conforming_strings": "on",  # our quoting relies on it
    "quote_all_identifiers": "off",  # definitions begin as we know it
    "check_function_bodies": "on",
    "jit": "off",  # compiling what asks the catalog takes seconds, and the swap asks under its lock
    "client_min_messages": "warning",
}

_QUOTING = "the quoting of names and values relies on it"
_WHO = "who runs the plan is said by --dsn alone"

#: what a plan may not set, and why
FIXED: Mapping[str, str] = {
    "backslash_quote": _QUOTING,
    "client_encoding": _QUOTING,
    "standard_conforming_strings": _QUOTING,
    "role": _WHO,
    "session_authorization": _WHO,
    "row_security": "rows that a policy leaves out would be lost in silence",
    "search_path": "the engine's own statements would find functions and tables of others;"
    " write the schema of every name, or SET LOCAL search_path in a template",
    "session_replication_role": "triggers that keep tables in step would not fire",
}


def settings(plan: Mapping[str, str]) -> dict[str, str]:
    """The settings of a plan's sessions: ours, then the plan's own."""
    return {**DEFAULTS, **plan}
