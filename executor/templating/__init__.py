"""Jinja for SQL: what may be printed, where templates are found, and PostgreSQL's own parser.

Here it is decided that a value reaches SQL only as a quoted name, a quoted value or an integer;
everything else is refused. It knows files and text, but no plan, no run and no connection.

Begin with names.py, the only place where anything is quoted, and environment.py, which lets
nothing else through; templates.py renders, sources.py finds the files, cache.py keeps what Jinja
has compiled and which plans are valid, statements.py takes SQL apart, and rewriting.py makes a
statement of the application one that asks another table.
"""
