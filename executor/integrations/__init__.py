"""Plans in the migrations of Alembic and Django: a module each, and what they have in common.

A run has connections of its own. So the migration must have no transaction open meanwhile: what it
had locked, the run would wait for, and as long as the run lasts no dead row could be removed.
"""
