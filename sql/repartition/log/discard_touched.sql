-- Deletes the rows that were written while they were copied; they come back with the next pass. A row
-- that moved meanwhile can be there twice, so this comes before the unique indexes. The log keeps its
-- entries.
{% with written = [target], read = [log], called = [] %}
{% include 'security/no_foreign_code.sql' %}
{% endwith %}
DELETE FROM {{ target | ident }} AS r
USING (SELECT DISTINCT * FROM {{ log | ident }}) AS k
WHERE {% include 'repartition/log/same_key.sql' %};
