"""Jinja for SQL: names, quoting, and the parser of PostgreSQL."""
