{## The indexes of the table as a whole, and its extended statistics; those of partitions have names of their own. What the
    old table alone has gives its name up, too: a statement that names it fails, and finds not the old table. Going back, one of the two may be there no more, or may have come since under the name that came_since.sql gives it. -##}
{% from 'repartition/indexes/which.sql' import of_whole with context %}
{% if back %}
{% for index in of_whole %}
ALTER INDEX IF EXISTS {{ source.schema | ident }}.{{ index.name | ident }} RENAME TO {{ (index.name ~ leaving_ending) | short_name | ident }};
{% if index in facts.indexes %}
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
  IF to_regclass({{ (source.schema | ident ~ '.' ~ index.name | ident) | string | literal }}) IS NULL THEN
    ALTER INDEX IF EXISTS {{ source.schema | ident }}.{{ kept | ident }} RENAME TO {{ index.name | ident }};
  ELSE
    RAISE WARNING USING MESSAGE = {{ ('the index ' ~ kept ~ ' keeps this name: something else is called ' ~ index.name ~ ' by now') | literal }};
  END IF;
END
{% endset %}{{ body | dollar_quoted }};
{% endfor %}
{% for index in said.indexes if index.name not in of_whole | map(attribute='name') and index.name not in facts.names | map(attribute='name') %}
ALTER INDEX IF EXISTS {{ source.schema | ident }}.{{ index.name | ident }} RENAME TO {{ (index.name ~ leaving_ending) | short_name | ident }};
ALTER INDEX IF EXISTS {{ source.schema | ident }}.{{ (index.name ~ arriving_ending) | short_name | ident }} RENAME TO {{ index.name | ident }};
{% endfor %}
{% else %}
{% for index in of_whole %}
{% if index in facts.indexes %}
ALTER INDEX {{ source.schema | ident }}.{{ index.name | ident }} RENAME TO {{ (index.name ~ leaving_ending) | short_name | ident }};
{% endif %}
ALTER INDEX {{ source.schema | ident }}.{{ (target.name ~ '_' ~ index.stem) | short_name | ident }} RENAME TO {{ index.name | ident }};
{% endfor %}
{% for index in facts.names if index.is_index and index.name not in of_whole | map(attribute='name') %}
ALTER INDEX IF EXISTS {{ source.schema | ident }}.{{ index.name | ident }} RENAME TO {{ (index.name ~ leaving_ending) | short_name | ident }};
{% endfor %}
{% endif %}
{% for statistics in said.extended_statistics %}
ALTER STATISTICS {{ statistics.schema | ident }}.{{ statistics.name | ident }} RENAME TO {{ (statistics.name ~ leaving_ending) | short_name | ident }};
{% endfor %}
{% for statistics in facts.extended_statistics %}
ALTER STATISTICS {{ statistics.schema | ident }}.{{ (statistics.name ~ arriving_ending) | short_name | ident }} RENAME TO {{ statistics.name | ident }};
{% endfor %}
{% if back %}
{% for statistics in said.extended_statistics if statistics.name not in facts.extended_statistics | map(attribute='name')
  and statistics.body_sql not in facts.extended_statistics | map(attribute='body_sql') and 'partition_key' not in statistics.body_sql %}
ALTER STATISTICS {{ statistics.schema | ident }}.{{ (statistics.name ~ arriving_ending) | short_name | ident }} RENAME TO {{ statistics.name | ident }};
{% endfor %}
{% endif %}
