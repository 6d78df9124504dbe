{## Takes every right on the function `function` from all but its owner: PUBLIC has EXECUTE on a new one, and default
    privileges may give it to others. Where the owner of the source is trusted, it is his: were it this role's own,
    this role would trust him no more, since he had something to gain by it. -##}
DO $executor$
DECLARE
  owner regrole := (SELECT relowner FROM pg_class WHERE oid = to_regclass({{ source | literal }}) AND relowner IN (
{% include 'security/trusted_roles.sql' %}
  ));
  item record;
BEGIN
  FOR item IN
    SELECT p.oid::regprocedure AS signature,
      string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, ', ') AS others
    FROM pg_proc AS p
    CROSS JOIN aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
    WHERE p.pronamespace = to_regnamespace(quote_ident({{ function.schema | literal }})) AND p.proname = {{ function.name | literal }}
      AND a.grantee <> p.proowner
    GROUP BY p.oid
  LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM %s', item.signature, item.others);
  END LOOP;
  FOR item IN
    SELECT oid::regprocedure AS signature FROM pg_proc
    WHERE pronamespace = to_regnamespace(quote_ident({{ function.schema | literal }})) AND proname = {{ function.name | literal }}
      AND proowner <> owner
  LOOP
    EXECUTE format('ALTER FUNCTION %s OWNER TO %s', item.signature, owner);
  END LOOP;
END
$executor$;
