"""The settings of every session, fixed so that nothing depends on a role's or a server's own."""

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
    "check_function_bodies": "on",
    "client_min_messages": "warning",
}


def settings(plan: Mapping[str, str]) -> dict[str, str]:
    """The settings of a plan's sessions: ours, then the plan's own."""
    return {**DEFAULTS, **plan}
