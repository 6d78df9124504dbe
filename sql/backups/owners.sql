{## The roles whose objects a cleanup may drop for an entry: the owner of the table that is in use, and those that
    are trusted. A SELECT of oids without its semicolon; the including query has the entry as `entry`. -##}
SELECT c.relowner FROM pg_class AS c WHERE c.oid = to_regclass(format('%I.%I', entry.schema, entry.original))
UNION ALL SELECT oid FROM (
{% include 'security/trusted_roles.sql' %}
) AS trusted
