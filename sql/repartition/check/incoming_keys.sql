{## What becomes of foreign keys into the table: findings of a check. `parts` is how many partitions the new one
    has, 0 if it is none of partitions. -##}
{% set enforced = facts.incoming_keys | selectattr('by_trigger') | list %}
SELECT
  'foreign keys into the table' AS subject, 'go on holding' AS expected,
  coalesce('dropped in the swap, as they are given up: ' || given_up.said
    || {% if enforced %}'. Triggers do their work from then on, until a rollback adds the keys again and validates them'
{%- else %}'. From then on a row may refer to one that is not there; a rollback adds the keys again and validates them'{% endif %}

    || coalesce('. Not given up, these would come along: ' || needless.said, '')
    || coalesce('. ' || moved.said, ''), moved.said, 'there are none') AS actual,
  given_up.said IS NULL AS passed
FROM (
  SELECT {% include 'tables/listed.sql' %}
    || ' come along: moved in the swap, where they hold at once for what is written, and validated after it while all tables are in use' AS said
  FROM (VALUES (NULL::text){% for key in facts.incoming_keys if key.kept %}, ({{ key.identity | literal }}){% endfor %}) AS listed (name)
) AS moved
CROSS JOIN (
  SELECT {% include 'tables/listed.sql' %} AS said
  FROM (VALUES (NULL::text, NULL::text)
{%- for key in facts.incoming_keys if not key.kept %}
, ({{ key.identity | literal }}, {{ (key.identity ~ ('' if key.by_trigger else ' (a row is no longer deleted with the one that it refers to)' if key.on_delete == 'CASCADE'
      else ' (no longer ON DELETE ' ~ key.on_delete ~ ')' if key.on_delete else '')) | literal }})
{%- endfor %}) AS key (identity, said)
  CROSS JOIN LATERAL (SELECT key.said WHERE key.identity = ANY ({% include 'repartition/check/accepted.sql' %})) AS listed (name)
) AS given_up
CROSS JOIN (
  SELECT {% include 'tables/listed.sql' %} AS said
  FROM (VALUES (NULL::text){% for key in facts.incoming_keys if not key.kept and key.obstacle is none %}, ({{ key.name | literal }}){% endfor %}) AS listed (name)
) AS needless
{% if enforced or parts %}
UNION ALL
SELECT
  'triggers in the place of foreign keys', 'do all that the keys did',
{% if enforced %}
  'look into {% if parts > 1 %}all {{ parts }} partitions{% else %}the table{% endif %} for each row that refers, unless the key has the column that chooses the partition; '
    'refuse to delete a row or change its key in a REPEATABLE READ or SERIALIZABLE transaction, whose snapshot hides who refers to it by now; and don''t see '
    'a TRUNCATE, DETACH or DROP of a partition by its name. More in docs/guide.md (Triggers in the place of foreign keys)',
  false
{% else %}
  'there are none', true
{% endif %}
{% endif %}
{% set kept = facts.incoming_keys | selectattr('kept') | list %}
{% set following = kept | selectattr('on_delete') | map(attribute='identity') | list if facts.server[0].version < 150000 else [] %}
{% if parts %}
UNION ALL
SELECT
  'UPDATE of columns that foreign keys refer to', 'does what ON UPDATE says',
  coalesce('where it moves the row to another partition, PostgreSQL before 15 does what ON DELETE says, to rows that refer to it: ' || {% include 'tables/listed.sql' %}
    || '. Do not change such values, or upgrade first', 'does what ON UPDATE says'),
  count(listed.name) = 0
FROM unnest({{ following | literal }}::text[]) AS listed (name)
UNION ALL
-- measured with 100 partitions: 0.3 to 1.1 ms for each key and partition, and up to 0.25 ms for each trigger
SELECT
  'max_lock and the foreign keys into the table', 'time enough for them',
  format('time enough for them%s', CASE WHEN takes.ms > takes.most / 2 THEN format(
    ' only just, or not at all: to add them takes the swap about %s ms under its lock, of %s; --var max_lock=%sms', round(takes.ms), {{ max_lock | literal }}, ceil(takes.ms * 4 / 100) * 100)
    ELSE '' END),
  takes.ms <= takes.most / 2
FROM (
  SELECT 0.7 * {{ parts * (kept | length + kept | selectattr('of_itself') | list | length) }}
    + 0.25 * {{ parts * (2 * (enforced | length) + enforced | selectattr('on_delete') | list | length + 2 * (enforced | selectattr('of_itself') | list | length)) }}, extract(epoch FROM {{ max_lock | literal }}::interval) * 1000
) AS takes (ms, most)
{% endif %}
