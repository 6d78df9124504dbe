-- The partitions that lie wholly before what is to be kept. Beside a default partition none can be detached CONCURRENTLY; nor
-- is that of a role that is not trusted, as its checks are computed then, and no lock keeps new ones away. One whose detaching was
-- interrupted is `pending`, whatever its age.
{% include 'maintain/with.sql' %}

SELECT part.schema, part.name, part.pending,
  whole.default_oid IS NULL AND part.owner IN (
{% include 'security/trusted_roles.sql' %}
  ) AS concurrently
FROM whole CROSS JOIN part CROSS JOIN kept
WHERE part.pending OR part.upper_at <= kept.position AND NOT EXISTS (
{% include 'maintain/referring.sql' %}
)
ORDER BY part.upper_at, part.name
