"""A plan file: read, checked as a whole, and its variables given values.

It needs no database, and reports every mistake at once, with file, line and path. Begin with
model.py (what a plan is) and loader.py (how it is read); schema.json says what may stand in it,
and session_settings.py what each session has that a plan does not set.
"""
