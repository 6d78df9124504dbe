-- Raises EX001 unless this executor still owns the run.
SELECT executor.fence({{ run }}, {{ epoch }});
