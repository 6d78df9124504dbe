"""Runs a plan: which run is meant, and its steps forward or back, one transaction each."""
