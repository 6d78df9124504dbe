-- Takes the old table out of the registry of backups; it is about to be the table again. A registry that somebody has
-- dropped is made anew, empty.
{% from 'repartition/way_back/given_up.sql' import log_too, numbers with context %}
{% if log_too or numbers %}
{% with written = [back_log], read = [source, old], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}

{% endif %}
CALL pg_temp.executor_open_registry();

DELETE FROM {{ source.schema | ident }}.migration_backups
WHERE kind = 'old_table' AND table_oid = {{ old | literal }}::regclass;
{% if numbers %}

-- Nothing can be written to a partition that is gone: its rows come back as the old table has them.
DELETE FROM {{ back_log | ident }} AS k WHERE {% with alias = 'k' %}{% include 'layout/' ~ layout ~ '/in_missing.sql' %}{% endwith %};
{% endif %}
{% if log_too %}

-- What was written since is told by what differs: in one statement, which sees both tables at one moment, and what is
-- written from then on is logged.
{% with columns = now.columns %}
INSERT INTO {{ back_log | ident }}
SELECT DISTINCT {% include 'repartition/log/key.sql' %}

FROM (
{% for one, other in [(source, old), (old, source)] %}
  (SELECT {% include 'repartition/log/key.sql' %}, {% with of_source = one == old %}{% include 'tables/row_hash.sql' %}{% endwith %} AS executor_hash FROM {{ one | ident }} AS r{% if numbers %} WHERE NOT {% with alias = 'r' %}{% include 'layout/' ~ layout ~ '/in_missing.sql' %}{% endwith %}{% endif %}

   EXCEPT ALL SELECT {% include 'repartition/log/key.sql' %}, {% with of_source = other == old %}{% include 'tables/row_hash.sql' %}{% endwith %} FROM {{ other | ident }} AS r)
{% if not loop.last %}
  UNION ALL
{% endif %}
{% endfor %}
) AS different;
{% endwith %}
{% endif %}

{% with back = true %}
{% include 'repartition/way_back/constraint_names.sql' %}
{% endwith %}
