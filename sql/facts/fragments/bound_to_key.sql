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
{% from 'layout/' ~ layout ~ '/shape.sql' import unique_needs with context %}
{% if unique_needs is not none %}
  AND EXISTS (
    SELECT FROM unnest({{ unique_needs | literal }}::text[]) AS needed
    WHERE needed NOT IN (SELECT a.attname FROM pg_attribute AS a WHERE a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)))
{% endif %}
