-- Whether the table can be maintained by this role. Reads the catalogs.
{% from 'layout/range/interval.sql' import unit with context %}
{% with written = [], read = [source], called = [] %}
{% include 'security/ask_foreign_code.sql' %}
{% endwith %}

WITH source AS (
  SELECT c.*, p.partstrat, p.partnatts, p.partattrs[0] AS attnum, format_type(a.atttypid, NULL) AS type, a.attname
  FROM (SELECT to_regclass({{ source | literal }})::oid AS oid) AS named
  LEFT JOIN pg_class AS c USING (oid)
  LEFT JOIN pg_partitioned_table AS p ON p.partrelid = c.oid
  LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
)
SELECT
  {{ source | string | literal }} AS subject, 'a table in RANGE partitions of one column' AS expected,
  CASE
    WHEN oid IS NULL THEN 'no such table'
    WHEN partstrat IS NULL THEN 'it is not partitioned'
    WHEN partstrat <> 'r' OR partnatts > 1 OR attnum = 0 THEN format('it is partitioned by %s, which needs no maintenance of this kind', pg_get_partkeydef(oid))
    ELSE pg_get_partkeydef(oid) END AS actual,
  coalesce(partstrat = 'r' AND partnatts = 1 AND attnum > 0, false) AS passed
FROM source
UNION ALL
SELECT 'interval', format('one that goes with %s, of the type %s', quote_ident(attname), type), {{ interval | literal }},
  type IN ({% include 'maintain/key_types.sql' %})
FROM source WHERE attnum > 0
{% if keep %}
UNION ALL
SELECT 'keep', {% if unit %}'a time, such as 90 days, as the interval is one'{% else %}'a number, as the interval is one'{% endif %}, {{ keep | literal }}, {{ ((' ' in keep) == (unit != '')) | literal }}

{% endif %}
UNION ALL
SELECT 'time_zone', 'one that the server knows', {{ time_zone | literal }}, EXISTS (SELECT FROM pg_timezone_names WHERE name = {{ time_zone | literal }})
UNION ALL
SELECT 'owner', format('%s, or a role of which it is a member', current_user), relowner::regrole::text, pg_has_role(relowner, 'USAGE')
FROM source WHERE oid IS NOT NULL
UNION ALL
SELECT {{ ('schema ' ~ source.schema) | literal }}, 'CREATE for this role and for the owner of the table',
  CASE WHEN mine.may AND his.may THEN 'granted' ELSE format('not for %s; GRANT CREATE ON SCHEMA', CASE WHEN mine.may THEN relowner::regrole::text ELSE current_user END) END, mine.may AND his.may
FROM source
CROSS JOIN LATERAL (SELECT has_schema_privilege(relnamespace, 'CREATE')) AS mine (may)
CROSS JOIN LATERAL (SELECT relowner = current_user::regrole OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
                           OR has_schema_privilege(relowner, relnamespace, 'CREATE')) AS his (may)
WHERE oid IS NOT NULL
UNION ALL
SELECT 'code with the rights of this role', 'none of a role that has fewer',
  coalesce(nullif(current_setting('executor.foreign_code'), '') || '; maintain the table as its owner', 'none'), current_setting('executor.foreign_code') = ''
