{## What relies on a key of the table that the new one has not, so that it can't be said again: what is grouped by the primary
    key alone, or names it as a constraint. A SELECT of classid, objid, and of a view its oid, without its semicolon. -##}
SELECT d.classid, d.objid, r.ev_class AS view
FROM pg_depend AS d
JOIN pg_constraint AS c ON c.oid = d.refobjid AND c.conrelid IN (
{% include 'facts/fragments/tree.sql' %}
)
LEFT JOIN pg_rewrite AS r ON d.classid = 'pg_rewrite'::regclass AND r.oid = d.objid AND r.rulename = '_RETURN'
WHERE d.refclassid = 'pg_constraint'::regclass AND d.deptype = 'n'
  AND d.classid IN ('pg_rewrite'::regclass, 'pg_proc'::regclass, 'pg_policy'::regclass)
{% if routing == 'hash' %}
  AND NOT (SELECT a.attnum FROM pg_attribute AS a
           WHERE a.attrelid = c.conrelid AND a.attname = {{ key_column | literal }}) = ANY (c.conkey)
{% endif %}
