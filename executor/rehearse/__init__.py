"""Runs a plan first on a server of our own, on some of the real rows, with writers beside it.

real.py reads the real database, and nothing else; rebuild.py makes it anew there; beside.py writes,
and looks at locks, while a plan runs; trial.py runs it there and back; told.py says what was found.
"""
