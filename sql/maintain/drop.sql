-- Drops a table that was a partition, and nothing else: never CASCADE.
-- Lock: ACCESS EXCLUSIVE on it, given up after lock_timeout.
LOCK TABLE {{ item.relation | name | ident }} IN ACCESS EXCLUSIVE MODE;
{% from 'maintain/mark.sql' import mark with context %}
DO {% set body %}

BEGIN
  -- it, or another table of its name, may have become something else since
  IF (SELECT relispartition OR NOT {% with begins = mark %}{% include 'maintain/is_ours.sql' %}{% endwith %}

        OR strpos(obj_description(oid, 'pg_class'), {{ (' until ' ~ item.detached_at ~ ' (oid ') | literal }}) = 0
        OR relowner <> (SELECT relowner FROM pg_class WHERE oid = to_regclass({{ source | literal }}))
      FROM pg_class AS marked WHERE oid = to_regclass({{ (item.relation | name) | literal }}))
  THEN
    RAISE EXCEPTION USING MESSAGE = {{ (item.name ~ ' is a partition again, or is said to be something else by now; it is not dropped') | literal }};
  END IF;
END
{% endset %}{{ body | dollar_quoted }};
DROP TABLE {{ item.relation | name | ident }};
