{## Takes every right on the function `function`, a name with the types of its arguments, from all but its owner: PUBLIC has
    EXECUTE on a new one, and default privileges may give it to others. Others of the name may be anybody's, and are left
    alone. Where the owner of the table `owner_of` is trusted, it is his: were it this role's own, this role would trust
    him no more, since he had something to gain by it. One that somebody else has made is refused: CREATE OR REPLACE puts
    a body into it, and what he has let it call stays. A block of PL/pgSQL from its DECLARE on. -##}
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
    WHERE p.oid = to_regprocedure(function)
  LOOP
    IF item.owner NOT IN (
      SELECT relowner FROM pg_class WHERE oid = owner_of UNION ALL SELECT oid FROM pg_roles WHERE rolname = current_user
      UNION ALL SELECT trusted.oid FROM (
{% include 'security/trusted_roles.sql' %}
      ) AS trusted)
    THEN
      RAISE EXCEPTION USING
        MESSAGE = format('%s is a function of %s, made under a name that the run gives to one of its own', item.called, item.owner::regrole),
        HINT = 'Nothing was changed. See what it is for, drop it, and try again.';
    END IF;
{% include 'security/hand_over.sql' %}
  END LOOP;
END
