"""A declarative, YAML-driven SQL plan executor for PostgreSQL."""

__version__ = "0.1.0"
