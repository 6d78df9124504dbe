"""Runs a plan first on a server of our own, or one that is named, with writers beside it.

real.py reads the real database, and nothing else; server.py has the servers, on which rebuild.py
makes it anew, with real rows or those of synthetic.py; beside.py writes, and looks at locks, while
a plan runs; trial.py runs it there and back; told.py says what was found.
"""
