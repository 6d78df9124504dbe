{## The indexes of the table as a whole, and its extended statistics; those of partitions have names of their own, and keep
    them. What the old table alone has gives its name up, too: a statement that names it fails, and does not find the old
    table. Going back, one of the two may be there no more, or may have come since under the name that came_since.sql gives it. -##}
{% from 'repartition/indexes/which.sql' import of_whole with context %}
{% if back %}
{% for index in of_whole %}
ALTER INDEX IF EXISTS {{ source.schema | ident }}.{{ index.name | ident }} RENAME TO {{ (index.name ~ leaving_ending) | short_name | ident }};
{% if index in facts.indexes and not index.of_leaves %}
ALTER INDEX IF EXISTS {{ source.schema | ident }}.{{ (index.name ~ arriving_ending) | short_name | ident }} RENAME TO {{ index.name | ident }};
{% endif %}
{% endfor %}
{% for index in facts.names if index.is_index and index.name not in of_whole | map(attribute='name') %}
{% if index in said.names %}
ALTER INDEX IF EXISTS {{ source.schema | ident }}.{{ index.name | ident }} RENAME TO {{ (index.name ~ leaving_ending) | short_name | ident }};
{% endif %}
{% set kept = (index.name ~ arriving_ending) | short_name %}
DO {% set body %}

BEGIN
  IF to_regclass(format('%I.%I', {{ source.schema | literal }}, {{ index.name | literal }})) IS NULL THEN
    ALTER INDEX IF EXISTS {{ source.schema | ident }}.{{ kept | ident }} RENAME TO {{ index.name | ident }};
  ELSE
    RAISE WARNING USING MESSAGE = {{ ('the index ' ~ kept ~ ' keeps this name: something else is called ' ~ index.name ~ ' by now') | literal }};
  END IF;
END
{% endset %}{{ body | dollar_quoted }};
{% endfor %}
{% for index in said.indexes if index.name not in (of_whole + facts.indexes + facts.names) | map(attribute='name') and not index.of_leaves %}
ALTER INDEX IF EXISTS {{ source.schema | ident }}.{{ index.name | ident }} RENAME TO {{ (index.name ~ leaving_ending) | short_name | ident }};
ALTER INDEX IF EXISTS {{ source.schema | ident }}.{{ (index.name ~ arriving_ending) | short_name | ident }} RENAME TO {{ index.name | ident }};
{% endfor %}
{% else %}
{% for index in of_whole %}
{% if index in facts.indexes and not index.of_leaves %}
ALTER INDEX {{ source.schema | ident }}.{{ index.name | ident }} RENAME TO {{ (index.name ~ leaving_ending) | short_name | ident }};
{% endif %}
ALTER INDEX {{ source.schema | ident }}.{{ (target.name ~ '_' ~ index.stem) | short_name | ident }} RENAME TO {{ index.name | ident }};
{% endfor %}
{% for index in facts.names if index.is_index and index.name not in of_whole | map(attribute='name') %}
ALTER INDEX IF EXISTS {{ source.schema | ident }}.{{ index.name | ident }} RENAME TO {{ (index.name ~ leaving_ending) | short_name | ident }};
{% endfor %}
{% endif %}
{% set had, has = facts.extended_statistics + facts.materialized_view_statistics, said.extended_statistics + said.materialized_view_statistics %}
{% for statistics in has %}
ALTER STATISTICS {{ statistics.schema | ident }}.{{ statistics.name | ident }} RENAME TO {{ (statistics.name ~ leaving_ending) | short_name | ident }};
{% endfor %}
{% for statistics in had %}
ALTER STATISTICS {{ statistics.schema | ident }}.{{ (statistics.name ~ arriving_ending) | short_name | ident }} RENAME TO {{ statistics.name | ident }};
{% endfor %}
{% for statistics in has if back and statistics.name not in had | selectattr('schema', 'equalto', statistics.schema) | map(attribute='name') %}
{% set schema, came = statistics.schema, (statistics.name ~ arriving_ending) | short_name %}
DO {% set body %}

BEGIN
  IF EXISTS (SELECT FROM pg_statistic_ext AS s JOIN pg_namespace AS n ON n.oid = s.stxnamespace
             WHERE n.nspname = {{ schema | literal }} AND s.stxname = {{ came | literal }})
  THEN
    ALTER STATISTICS {{ schema | ident }}.{{ came | ident }} RENAME TO {{ statistics.name | ident }};
  END IF;
END
{% endset %}{{ body | dollar_quoted }};
{% endfor %}
