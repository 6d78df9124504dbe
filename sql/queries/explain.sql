{## What the planner makes of a statement: nothing is run without ANALYZE. -##}
EXPLAIN ({% if analyze %}ANALYZE, TIMING OFF, BUFFERS OFF, {% endif %}SUMMARY, FORMAT JSON) {{ statement }};
