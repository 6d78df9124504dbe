{## A view of that name which is not ours stays, and so does one that watches another table: the names are
    free once in a schema. -##}
  IF EXISTS (
    SELECT FROM pg_class AS c, LATERAL (SELECT obj_description(c.oid, 'pg_class'), c.relowner) AS of (comment, owner)
    WHERE c.oid = to_regclass(format('%I.%I', {{ source.schema | literal }}, {{ view | literal }}))
      AND {% include 'health/taken.sql' %})
  THEN
    RAISE WARNING '% exists already and does not watch %; it is left as it is', {{ view | literal }}, {{ source | string | literal }};
    RETURN;
  END IF;
