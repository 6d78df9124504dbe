{## What the swap exchanges besides the table and may have rights and comments: the sequences of its identity columns and
    the materialized views on it. A SELECT of kind and oid, without its semicolon. -##}
SELECT 'TABLE' AS kind, to_regclass({{ source | literal }})::oid AS oid
UNION ALL
SELECT 'SEQUENCE', s.seqrelid
FROM pg_depend JOIN pg_sequence AS s ON s.seqrelid = objid
WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND refobjid = to_regclass({{ source | literal }}) AND deptype = 'i'
UNION ALL
SELECT 'MATERIALIZED VIEW', oid FROM (
{% include 'facts/fragments/reading_views.sql' %}
) AS view
