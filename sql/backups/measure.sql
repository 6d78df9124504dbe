{## Measures `table` for digest.sql, which has to be given the same one, as measured.sql says. -##}
DO $executor$
DECLARE
  executor_measured CONSTANT regclass := {{ table | literal }};
{% include 'backups/measured.sql' %}
$executor$;
