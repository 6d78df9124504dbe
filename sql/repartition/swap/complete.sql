{% from 'repartition/indexes/which.sql' import of_whole with context %}

-- Everything that is to take a place is there and in working order.
DO {% set body %}

DECLARE
  missing text;
BEGIN
  SELECT string_agg(format('%s %I.%I', part.kind, part.schema, part.name), ', ' ORDER BY part.kind, part.name) INTO missing
  FROM (
    VALUES ('table', {{ source.schema | literal }}, {{ source.name | literal }}, {{ arriving.name | literal }}, false)
{% for view in said.materialized_views %}
      , ('materialized view', {{ view.schema | literal }}, {{ view.name | literal }}, {{ (view.name ~ arriving_ending) | short_name | literal }}, {{ view.is_filled | literal }})
{% endfor %}
{% for sequence in said.sequences if sequence.is_identity %}
{% set other = facts.sequences | selectattr('is_identity') | selectattr('column', 'equalto', sequence.column) | first | default(sequence) %}
      , ('sequence', {{ sequence.schema | literal }}, {{ sequence.name | literal }}, {{ (other.name ~ arriving_ending) | short_name | literal }}, false)
{% endfor %}
{% if not back %}
{% for index in of_whole %}
      , ('index', {{ source.schema | literal }}, {{ index.name | literal }}, {{ (target.name ~ '_' ~ index.stem) | short_name | literal }}, false)
{% endfor %}
{% for index in facts.materialized_view_indexes %}
      , ('index', {{ index.schema | literal }}, {{ index.name | literal }}, {{ (index.name ~ arriving_ending) | short_name | literal }}, false)
{% endfor %}
{% endif %}
  ) AS part (kind, schema, name, arriving, is_filled)
  LEFT JOIN pg_class AS c ON c.oid = to_regclass(format('%I.%I', part.schema, part.arriving))
  LEFT JOIN pg_index AS i ON i.indexrelid = c.oid
  WHERE part.arriving IS NULL OR c.oid IS NULL OR part.is_filled AND NOT c.relispopulated OR NOT i.indisvalid;
  IF missing IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('%s has nothing ready to take the place of %s', {{ arriving | literal }}::regclass, missing),
      HINT = {% if back %}'It was created since the swap, or somebody has dropped what it would give way to. Nothing was swapped; drop it, roll back again, and create it anew then.'
{%- else %}'It was created while the plan ran. Nothing was swapped; drop it, or run the rollback and then the plan again.'{% endif %};
  END IF;
END
{% endset %}{{ body | dollar_quoted }};
