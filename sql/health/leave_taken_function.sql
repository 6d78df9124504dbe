{## A function of that name which is not ours stays, and so does one for another table. -##}
  IF EXISTS (
    SELECT FROM pg_proc AS p, LATERAL (SELECT obj_description(p.oid, 'pg_proc'), p.proowner) AS of (comment, owner)
    WHERE p.pronamespace = quote_ident({{ source.schema | literal }})::regnamespace AND p.proname = {{ function | literal }}
      AND p.pronargs = {{ 1 if arguments else 0 }} AND {% include 'health/taken.sql' %})
  THEN
    RAISE WARNING 'a function % exists already and is not for %; it is left as it is', {{ function | literal }}, {{ source | string | literal }};
    RETURN;
  END IF;
