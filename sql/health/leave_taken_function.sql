{## A function of that name which is not ours stays, and ours is not made. ##}
  IF EXISTS (
    SELECT FROM pg_proc AS p
    WHERE p.pronamespace = quote_ident({{ source.schema | literal }})::regnamespace AND p.proname = {{ function | literal }}
      AND p.pronargs = {{ 1 if arguments else 0 }} AND coalesce(obj_description(p.oid, 'pg_proc'), '') NOT LIKE 'Made by executor%')
  THEN
    RAISE WARNING 'a function % exists already and was not made by executor; it is left as it is', {{ function | literal }};
    RETURN;
  END IF;
