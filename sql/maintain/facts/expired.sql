-- The partitions that lie wholly before what is to be kept. Beside a default partition none can be detached CONCURRENTLY; nor
-- is that of a role that is not trusted, as its checks are computed then, and no lock keeps new ones away. Where the table
-- has foreign keys, it is not done either: the tables that it refers to are locked at the end, and who writes to them would wait for
-- as long as we do. One whose detaching we have begun is `pending`, whatever its age; one that somebody else has begun is his, and
-- as PostgreSQL has one a table at a time, the others wait for him. None is detached while a rollback would miss it.
{% from 'maintain/mark.sql' import leaving with context %}
{% include 'maintain/with.sql' %}

SELECT part.schema, part.name, part.pending, part.is_foreign,
  whole.default_oid IS NULL AND NOT EXISTS (SELECT FROM pg_constraint AS f WHERE f.conrelid IN (whole.oid, part.oid) AND f.contype = 'f') AND part.owner IN (
{% include 'security/trusted_roles.sql' %}
  ) AS concurrently
FROM whole CROSS JOIN part CROSS JOIN kept
WHERE (part.pending OR part.upper_at <= kept.position AND NOT EXISTS (
{% include 'maintain/referring.sql' %}
) AND NOT EXISTS (
{% include 'maintain/way_back.sql' %}
))
  AND NOT EXISTS (
    SELECT FROM part AS half CROSS JOIN LATERAL (SELECT half.oid) AS marked (oid)
    WHERE half.pending AND NOT {% with begins = leaving %}{% include 'maintain/is_ours.sql' %}{% endwith %})
ORDER BY part.pending DESC, part.upper_at, part.name
