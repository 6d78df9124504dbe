{## A view of that name which is not ours stays, and ours is not made. ##}
  IF EXISTS (
    SELECT FROM pg_class AS c
    WHERE c.oid = to_regclass(format('%I.%I', {{ source.schema | literal }}, {{ view | literal }}))
      AND coalesce(obj_description(c.oid, 'pg_class'), '') NOT LIKE 'Made by executor%')
  THEN
    RAISE WARNING '% exists already and was not made by executor; it is left as it is', {{ view | literal }};
    RETURN;
  END IF;
