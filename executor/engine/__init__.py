"""Runs a plan: which run is meant, and its steps forward or back, one transaction each.

It sends what rendering/ has made of a plan, judges it by its assertions, and writes both into the
journal in the same transaction. It knows no partition and no backup, and prints nothing: whoever
wants to know what happens gives it a callable for events.

Begin with decide.py (what a command will do), open_run.py (with which run) and run.py (the walk
over the steps); then steps.py (one step, in each of its forms) and step_run.py (one
transaction of it, fenced and retried). undo.py goes back, read_only.py asks without a run (dry run,
review, verify). runs.py knows which run a command means; gate.py lets a run wait.
"""
