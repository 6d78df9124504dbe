{## The first of the numbers 1 to 9 whose names are free: an expression of integer. Names that partitions have
    (<table>_part_NN, _p202601, _default), or what logs for a way back, are taken. -##}
{% from 'layout/own.sql' import own with context %}
{% set head = (source | suffix('_part_0000')).name[:-10] %}
coalesce((
    SELECT min(number)
    FROM (VALUES
{% for number in range(1, 10) %}
{% set begins = (source | suffix(('_part_' if number == 1 else '_p' ~ number ~ '_') ~ '0000')).name[:-4] %}
      ({{ number }}, {{ begins | literal }}, {{ ('executor' ~ ('' if number == 1 else number) ~ '_insert') | literal }}, {{ (source | suffix(own.filler ~ ('' if number == 1 else '_' ~ number))).name | literal }}){% if not loop.last %},{% endif %}

{% endfor %}
    ) AS wanted (number, begins, log, filler)
    WHERE NOT EXISTS (
        SELECT FROM pg_class AS c
        WHERE c.relispartition AND c.relkind IN ('r', 'p', 'f') AND c.relnamespace = to_regnamespace(quote_ident({{ source.schema | literal }}))
          AND (starts_with(c.relname, wanted.begins)
            OR wanted.number = 1 AND starts_with(c.relname, {{ head | literal }})
              AND substr(c.relname, {{ head | length + 1 }}) ~ '^_([pm][0-9]{4}|default$)'))
      AND NOT EXISTS (
        SELECT FROM pg_trigger AS t JOIN pg_proc AS f ON f.oid = t.tgfoid
        WHERE t.tgname = wanted.log AND {% include 'repartition/log/is_way_back.sql' %} AND t.tgrelid IN (
{% include 'facts/fragments/tree.sql' %}
        ))
      AND NOT EXISTS (
        -- it stays where its table was dropped
        SELECT FROM pg_proc AS p
        WHERE p.proname = wanted.filler AND p.pronargs = 0 AND p.pronamespace = to_regnamespace(quote_ident({{ source.schema | literal }}))
          AND strpos(p.prosrc, {{ (own.column ~ ' := ') | literal }}) > 0)
  ), 9)