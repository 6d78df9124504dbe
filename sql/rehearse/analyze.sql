{## The planner knows the rows, as on a server that has had them for long. -##}
VACUUM (ANALYZE)
