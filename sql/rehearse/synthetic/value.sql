{## One value of `column` by its number: the same number is the same value, and another one another if they have to be unique. -##}
{% if column.form == 'null' %}
NULL
{%- elif column.form == 'word' %}
({{ column.words | literal }}::text[])[1 + mod(drawn.i{{ column.place }}, {{ column.words | length }})]
{%- elif column.form == 'text' and column.words and not column.is_unique %}
CASE WHEN hashint8extended(made.number, 2000 + {{ column.place }}) & 1 = 0
  THEN ({{ column.words | literal }}::text[])[1 + mod(drawn.i{{ column.place }}, {{ column.words | length }})]
  ELSE {% include 'rehearse/synthetic/letters.sql' %} END
{%- elif column.form == 'text' %}
{% include 'rehearse/synthetic/letters.sql' %}
{%- elif column.form == 'json' %}
json_build_object('made', {% include 'rehearse/synthetic/letters.sql' %})
{%- elif column.form == 'bytes' %}
convert_to({% include 'rehearse/synthetic/letters.sql' %}, 'UTF8')
{%- elif column.form == 'whole' or column.form == 'fraction' and column.is_unique %}
{{ column.least | literal }}::numeric + {% if column.is_unique %} drawn.i{{ column.place }} * greatest(div({{ column.greatest | literal }}::numeric - {{ column.least | literal }}, {{ column.distinct | literal }}), 1)
  {%- else %} mod(
  drawn.i{{ column.place }} * greatest(div({{ column.greatest | literal }}::numeric - {{ column.least | literal }}, {{ column.distinct | literal }}), 1),
  {{ column.greatest | literal }}::numeric - {{ column.least | literal }} + 1) {%- endif %}
{%- elif column.form == 'fraction' %}
{{ column.least | literal }}::numeric + ({{ column.greatest | literal }}::numeric - {{ column.least | literal }}) * least(drawn.i{{ column.place }} / {{ column.distinct | literal }}::numeric, 1)
{%- elif column.form == 'day' %}
{{ column.least | literal }}::timestamptz::date + {% if column.is_unique %} drawn.i{{ column.place }}::integer
  {%- else %} mod(
  drawn.i{{ column.place }} * greatest(({{ column.greatest | literal }}::timestamptz::date - {{ column.least | literal }}::timestamptz::date) / {{ column.distinct | literal }}, 1),
  {{ column.greatest | literal }}::timestamptz::date - {{ column.least | literal }}::timestamptz::date + 1)::integer {%- endif %}
{%- elif column.form == 'moment' %}
{{ column.least | literal }}::timestamptz + ({{ column.greatest | literal }}::timestamptz - {{ column.least | literal }}::timestamptz) * least(drawn.i{{ column.place }} / {{ column.distinct | literal }}::float8, 1)
  {%- if column.is_unique %} + drawn.i{{ column.place }} * interval '1 microsecond' {%- endif %}
{%- elif column.form == 'span' %}
drawn.i{{ column.place }} * interval '1 second'
{%- elif column.form == 'uuid' %}
md5({{ column.place }} || ' ' || drawn.i{{ column.place }})
{%- elif column.form == 'address' %}
'10.0.0.0'::inet + mod(drawn.i{{ column.place }}, 16777216)
{%- endif %}
