{## Locks the registry in the schema `schema`, as guard.sql says, and asks whether it may be trusted: a block of PL/pgSQL
    from its DECLARE on, that knows whether it is `writing`. -##}
  registry text := format('%I.migration_backups', {{ schema | literal }}::text);
  found oid;
  doubt text;
BEGIN
{% include 'backups/key_share.sql' %}
  found := to_regclass(registry);
  IF found IS NULL THEN
    RAISE undefined_table USING MESSAGE = format('there is no registry %s', registry);
  END IF;
  FOR place IN 1 .. 2 LOOP
    SELECT {% include 'backups/registry_doubt.sql' %} INTO doubt FROM (SELECT found AS oid) AS registry (oid);
    IF doubt IS NOT NULL OR found IS DISTINCT FROM to_regclass(registry) THEN
      RAISE EXCEPTION USING
        ERRCODE = 'EX004',
        MESSAGE = format('the registry %s is not used: %s', registry, coalesce(doubt, 'it was replaced just now; try again')),
        HINT = 'Nothing was changed. Connect as its owner, or see docs/backups.md: whose a registry is.';
    END IF;
    IF place = 1 THEN
      IF writing THEN
        LOCK TABLE {{ schema | ident }}.migration_backups IN ROW EXCLUSIVE MODE;
      ELSE
        LOCK TABLE {{ schema | ident }}.migration_backups IN ACCESS SHARE MODE;
      END IF;
    END IF;
  END LOOP;
END
