"""The schema `executor`: runs, steps, iterations and controls, read and written."""
