{## How many partitions by hash: `measure`, or a power of two so that one has some 10 GB. -##}
{% if measure %}
SELECT CASE WHEN {{ measure | literal }} ~ '^[1-9][0-9]{0,3}$' AND {{ measure | literal }}::text::numeric <= 1000 THEN {{ measure | literal }}::text::integer END AS number,
  {{ measure | literal }}::text AS shown
{% else %}
SELECT p.number, p.number::text AS shown
FROM (SELECT least(128, greatest({{ least | default(8) }}, 2 ^ ceil(log(2, greatest(tab.bytes / (10 * 2 ^ 30::numeric), 1)))))::integer AS number) AS p
{% endif %}
