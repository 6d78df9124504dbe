-- By now the new table has all rows but those of the last writes: a snapshot from before this transaction could
-- lack any that was ever written meanwhile. Which transaction this is, the catalog knows of this comment.
-- Lock: SHARE UPDATE EXCLUSIVE on the log, which writers don't notice.
{% with first = log, second = none %}
{% include 'tables/keep_vacuum_away.sql' %}
{% endwith %}
{% from 'repartition/way_back/marks.sql' import in_step with context %}
COMMENT ON TABLE {{ log | ident }} IS {{ in_step | literal }};
