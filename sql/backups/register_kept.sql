-- Enters the table that a restored one has replaced into the registry, with its count and digest.
{% with table = kept, original = kept, source = live, kind = 'old_table' %}
{% include 'backups/register.sql' %}
{% endwith %}

{% from 'layout/own.sql' import own with context %}
-- what fills its own column goes with it
UPDATE {{ live.schema | ident }}.migration_backups
SET way_back = jsonb_build_object('functions', jsonb_build_array(p.oid::regprocedure::text))
FROM pg_trigger AS t JOIN pg_proc AS p ON p.oid = t.tgfoid
WHERE table_oid = {{ kept | literal }}::regclass AND kind = 'old_table'
  AND t.tgrelid = table_oid AND t.tgname = {{ own.trigger | literal }} AND p.proname = {{ (live | suffix(own.filler ~ '_kept_' ~ timestamp)).name | literal }};
