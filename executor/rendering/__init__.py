"""A plan and its values as SQL text: what will be sent, and the printed script. Pure.

No connection, no clock and no environment: the same plan and values give the same text, so what
is printed is what runs.
"""
