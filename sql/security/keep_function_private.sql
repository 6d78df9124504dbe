{## Takes every right on the functions of the name `function` from all but their owner: PUBLIC has EXECUTE on a new one,
    and default privileges may give it to others. Where the owner of the table `owner_of` is trusted, they are his: were
    they this role's own, this role would trust him no more, since he had something to gain by it. A block of PL/pgSQL
    from its DECLARE on. -##}
  names CONSTANT text[] := parse_ident(function);
  new_owner CONSTANT regrole := (SELECT relowner FROM pg_class WHERE oid = owner_of AND relowner IN (
{% include 'security/trusted_roles.sql' %}
  ));
  item record;
BEGIN
  FOR item IN
    SELECT 'FUNCTION' AS kind, p.oid::regprocedure AS called, p.proowner AS owner,
      (SELECT string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, ', ')
       FROM aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a WHERE a.grantee <> p.proowner) AS others
    FROM pg_proc AS p
    WHERE p.pronamespace = to_regnamespace(quote_ident(names[1])) AND p.proname = names[2]::name
  LOOP
{% include 'security/hand_over.sql' %}
  END LOOP;
END
