"""What is known of runs, in the schema `executor` of the database that they change.

It reads and writes rows, and decides nothing: what follows from them is the engine's. The rows of
a step are written in the transaction of its work, so the writer is given a session and opens none;
only heartbeat.py has one of its own.
Nothing in the schema is read unless its owner is trusted, which sql/journal/is_ours.sql asks.

Begin with sql/journal/install.sql, the tables and their comments; rows.py has them as values,
reader.py and writer.py ask and write them.
"""
