{## Letters of nobody, by the number of a value: as many as `column` has on average, and never the same for two numbers. -##}
{% if column.at_most and column.at_most < 10 %}
right(lpad(to_hex(drawn.i{{ column.place }}), {{ column.at_most }}, '0'), {{ column.at_most }})
{%- else %}
left(to_hex(drawn.i{{ column.place }}) || 'x' ||
  (SELECT string_agg(md5({{ column.place }} || ' ' || piece || ' ' || drawn.i{{ column.place }}), '' ORDER BY piece) FROM generate_series(1, {{ column.pieces }}) AS piece),
  {{ column.letters }})
{%- endif %}
