"""Connections: the only package that sends SQL, and a server of our own.

It knows texts and settings, and nothing of runs. session.py sends, queries.py asks by template,
retry.py says which failures are tried again and how it waits; embedded.py starts a server.
"""
