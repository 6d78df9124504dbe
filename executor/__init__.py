"""A declarative, YAML-driven SQL plan executor for PostgreSQL."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("sql-plan-executor")
except PackageNotFoundError:  # a checkout that was never installed
    __version__ = "0.0.0"
