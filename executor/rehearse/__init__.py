"""Runs a plan first on a server of our own, or one that is named, with writers beside it.

real.py reads the real database, and nothing else; server.py has the servers, on which rebuild.py
makes it anew, with real rows or those of synthetic.py; trial.py runs the plan there and
back while beside.py writes and locks.py looks who holds and who waits; forecast.py makes of that
what the real one will take, and told.py says what was found.
"""
