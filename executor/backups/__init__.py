"""Backups and old tables: their registry, copies, files, restore and clean-up.

A registry is a table beside the data, `migration_backups`, and there may be several in a database.
What it says decides what is restored and what is dropped, so it is used only if a trusted role
owns it, and a recorded definition is data whose statements are admitted one by one (admission.py).
It knows nothing of how a plan is run.

Begin with registry.py (which entries there are); then copies.py, restore.py, cleanup.py and
files.py, one for each thing that is done with an entry.
"""
