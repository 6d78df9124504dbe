"""Backups and old tables: the registry, copies, files, restore and clean-up."""
