{## What may have a comment: a SELECT without its semicolon. -##}
WITH exchanged AS (
{% include 'facts/fragments/exchanged.sql' %}
)
SELECT kind || ' ' || oid::regclass AS object_sql, false AS is_made, 'pg_class'::regclass::oid AS classoid, oid AS objoid, 0 AS objsubid
FROM exchanged WHERE oid IS NOT NULL
UNION ALL
SELECT format('COLUMN %s.%I', e.oid::regclass, a.attname), e.kind = 'TABLE', 'pg_class'::regclass, e.oid, a.attnum
FROM exchanged AS e JOIN pg_attribute AS a ON a.attrelid = e.oid AND a.attnum > 0 AND NOT a.attisdropped
WHERE e.kind <> 'SEQUENCE' AND (e.kind <> 'TABLE' OR a.attname <> ALL ({{ dropped_columns | default([]) | literal }}::text[]))
UNION ALL
SELECT 'INDEX ' || i.indexrelid::regclass, e.kind = 'TABLE', 'pg_class'::regclass, i.indexrelid, 0
FROM exchanged AS e JOIN pg_index AS i ON i.indrelid = e.oid
UNION ALL
SELECT format('CONSTRAINT %I ON %s', c.conname, c.conrelid::regclass), true, 'pg_constraint'::regclass, c.oid, 0
FROM pg_constraint AS c WHERE c.conrelid = to_regclass({{ source | literal }}) AND c.contype NOT IN ('f', 't')
UNION ALL
SELECT format('TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass), false, 'pg_trigger'::regclass, t.oid, 0
FROM pg_trigger AS t WHERE t.tgrelid = to_regclass({{ source | literal }}) AND NOT t.tgisinternal
UNION ALL
SELECT format('RULE %I ON %s', r.rulename, r.ev_class::regclass), false, 'pg_rewrite'::regclass, r.oid, 0
FROM pg_rewrite AS r WHERE r.ev_class = to_regclass({{ source | literal }})
UNION ALL
SELECT format('POLICY %I ON %s', p.polname, p.polrelid::regclass), false, 'pg_policy'::regclass, p.oid, 0
FROM pg_policy AS p WHERE p.polrelid = to_regclass({{ source | literal }})
