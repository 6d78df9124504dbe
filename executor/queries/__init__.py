"""What the application's statements will do with the new table, while it stands beside the old one.

Statements come from pg_stat_statements or a file; each is explained against both tables, and
told.py says what is worse: to people, and as the assertion no_regression. What is asked of the
server stands in sql/queries/; how a statement is written anew, in templating/.
"""
