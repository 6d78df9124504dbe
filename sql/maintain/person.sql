-- What maintenance leaves as it is, and somebody has to see to.
{% from 'layout/range/interval.sql' import unit with context %}
{% from 'maintain/mark.sql' import leaving with context %}
{% include 'maintain/with.sql' %}

, way_back (said) AS (
  SELECT way_back.said FROM whole CROSS JOIN LATERAL (
{% include 'maintain/way_back.sql' %}
  ) AS way_back (said)
), told (subject, expected, actual) AS (
  SELECT 'names of partitions', 'free', format('%s: another relation has it; rename that', {% include 'tables/listed.sql' %})
  FROM missing CROSS JOIN LATERAL (SELECT missing.name) AS listed (name) WHERE missing.taken HAVING count(*) > 0
  UNION ALL
  SELECT 'rows of the default partition', 'of at most {{ most }} intervals', format('of %s: a mistake in the rows? Else give more by --var most', count(*))
  FROM found HAVING count(*) > {{ most }}
  UNION ALL
  SELECT 'rows of the default partition', 'with a key that has an interval', format('%s rows without, such as null or infinity, or far above all others', sum(rows))
  FROM found CROSS JOIN present WHERE found.number IS NULL{% if not unit %} OR found.number > present.number{% endif %} HAVING count(*) > 0
  UNION ALL
  SELECT 'rows of the default partition', 'of intervals that get a partition', format('%s rows of intervals that can have none', sum(movable.rows))
  FROM movable WHERE NOT EXISTS (SELECT FROM missing WHERE missing.cell = movable.number) HAVING count(*) > 0
  UNION ALL
{% if keep and not unit %}
  SELECT 'partitions too old', 'known by the highest rows', format('%s lies %s intervals above the partition before it, and the column has no sequence that would say so: a mistake in the rows? If not, detach what lies below it by hand, or give more by --var ahead', name, empty)
  FROM sequence CROSS JOIN filled WHERE sequence.position IS NULL AND filled.empty > {{ ahead }}
  UNION ALL
{% endif %}
  SELECT 'intervals without a partition before the present', 'at most {{ most }}', format('%s: make those that are wanted by hand', gap.size)
  FROM gap WHERE gap.size > {{ most }}
  UNION ALL
  SELECT 'partitions too old', 'detached', format('%s left, as %s refers to the table; end the foreign key, or the triggers in its place, or take these rows away by hand', {% include 'tables/listed.sql' %},
    min(refers.name))
  FROM kept CROSS JOIN part CROSS JOIN LATERAL (SELECT part.name) AS listed (name)
  CROSS JOIN (SELECT min(referring.oid::regclass::text) FROM whole CROSS JOIN LATERAL (
{% include 'maintain/referring.sql' %}
  ) AS referring (oid)) AS refers (name)
  WHERE part.upper_at <= kept.position AND refers.name IS NOT NULL
  HAVING count(*) > 0
  UNION ALL
  SELECT 'tables detached long ago', 'dropped', format('%s is left: %s depends on it', past.name, past.used_by)
  FROM (
{% include 'maintain/past.sql' %}
  ) AS past WHERE past.is_due AND NOT past.is_copy AND past.used_by IS NOT NULL
  UNION ALL
  SELECT 'tables detached long ago', 'dropped', format('%s left: the comment is that of another table, of this or another parent, which it was copied or restored from; drop it by hand, or take the comment away', {% include 'tables/listed.sql' %})
  FROM (
{% include 'maintain/past.sql' %}
  ) AS past CROSS JOIN LATERAL (SELECT past.name) AS listed (name) WHERE past.is_due AND past.is_copy HAVING count(*) > 0
  UNION ALL
  SELECT 'partitions half detached', 'none', format('%s: somebody else''s DETACH CONCURRENTLY is under way or was broken off; it is left, and the partitions too old wait for it; what was broken off is ended by ALTER TABLE %I.%I DETACH PARTITION %s FINALIZE', {% include 'tables/listed.sql' %},
    (SELECT schema FROM whole), (SELECT name FROM whole), min(listed.name))
  FROM part CROSS JOIN LATERAL (SELECT format('%I.%I', part.schema, part.name)) AS listed (name)
  WHERE part.pending AND NOT EXISTS (SELECT FROM (SELECT part.oid) AS marked (oid) WHERE {% with begins = leaving %}{% include 'maintain/is_ours.sql' %}{% endwith %}) HAVING count(*) > 0
  UNION ALL
  SELECT 'tables that were partitions', 'detached by executor, or by somebody who says so', format('%s: it was about to be detached, and by whom that was done is not known; if it may go, drop it by hand, else take its comment away', {% include 'tables/listed.sql' %})
  FROM whole JOIN pg_class AS c ON c.relowner = whole.owner AND c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition
  CROSS JOIN LATERAL (SELECT c.oid) AS marked (oid)
  CROSS JOIN LATERAL (SELECT c.oid::regclass::text) AS listed (name)
  WHERE {% with begins = leaving %}{% include 'maintain/is_ours.sql' %}{% endwith %} HAVING count(*) > 0
  UNION ALL
  SELECT 'indexes that partitions lack', 'built', format('%s left, as they have expressions of a role that is not trusted; maintain the table as its owner', {% include 'tables/listed.sql' %})
  FROM whole JOIN pg_index AS i ON i.indrelid = whole.oid JOIN pg_class AS r ON r.oid = whole.oid
  CROSS JOIN LATERAL (SELECT i.indexrelid::regclass::text) AS listed (name)
  WHERE NOT i.indisvalid AND NOT {% include 'maintain/is_spoken.sql' %} HAVING count(*) > 0
  UNION ALL
  SELECT 'rows of the default partition', 'moved to partitions of their own', format('%s are left there, because %s', table_.movable, table_.not_movable)
  FROM (
    SELECT (SELECT sum(rows) FROM movable) AS movable, (SELECT string_agg(why.said, ', and ') FROM (
{% include 'maintain/not_movable.sql' %}
    ) AS why (said)) AS not_movable
  ) AS table_ WHERE table_.movable > 0 AND table_.not_movable IS NOT NULL AND NOT EXISTS (SELECT FROM way_back)
)
SELECT subject, expected, actual, false AS passed FROM told
UNION ALL
SELECT 'partitions too old, and rows of the default partition', 'left, while there is a way back', way_back.said, true FROM way_back
UNION ALL
SELECT 'what needs a person', 'nothing', 'nothing', true WHERE NOT EXISTS (SELECT FROM told)
