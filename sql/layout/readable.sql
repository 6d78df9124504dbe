{## The text that follows, a SELECT of a tsvector from the table, if it may be read: by this role, without a policy and without
    code of others, of its types too; else null. ts_stat() asks it: a fact is one SELECT, and the table, or the column, may not be there. A
    row is a table's, and no view has come in its place: of one it is an error to take samples.
    {% with reading = its template %}; `c` is the row of pg_class. -##}
CASE WHEN c.relkind IN ('r', 'p') AND has_table_privilege(c.oid, 'SELECT') AND NOT row_security_active(c.oid)
  AND NOT EXISTS (SELECT FROM pg_class AS leaf WHERE leaf.relkind NOT IN ('r', 'p') AND leaf.oid IN (
{% include 'facts/fragments/tree.sql' %}
  ))
  AND NOT EXISTS (
    WITH relations (oid, written) AS (SELECT c.oid, false)
    SELECT FROM (
{% with session = '', made = false %}
{% include 'security/foreign_code.sql' %}
{% endwith %}
    ) AS foreign_code
  )
  THEN format('WITH guard AS (SELECT FROM %s TABLESAMPLE SYSTEM (0)) ', c.oid::regclass) ||
{% include reading %}
  END
