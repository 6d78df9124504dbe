{## Asks the tables by which other tools know this one, if such are here; what they say is in the setting
    `executor.findings`: tool, register, the first of what `said` selects, and whether it could be read. `registers` says
    which: tool, table, columns, said. A register is known by its name and columns, which anybody may give to a table of his
    own: so it is a plain table of PostgreSQL's own types, and of a role that the session trusts. To plan a query is enough
    to run what its owner has put into an index, a check of a child or extended statistics. In `said` %1$s is the register,
    %2$L the table's schema, %3$L its name, %4$L its oid. What an extension keeps by number is asked, too, `of_extensions`. -##}
DO $executor$
DECLARE
  item record;
  said text;
  findings jsonb := '[]';
BEGIN
  FOR item IN
    WITH trusted AS MATERIALIZED (
{% include 'security/trusted_roles.sql' %}
    )
    SELECT known.tool, c.oid::regclass AS register, known.said,
      has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(c.relnamespace, 'USAGE') AND NOT row_security_active(c.oid)
        AND c.relowner IN (SELECT oid FROM trusted) AND NOT EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhparent = c.oid) AS readable,
      source.oid AS source
    FROM (SELECT to_regclass({{ source | literal }})::oid AS oid) AS source
    JOIN (
      VALUES
{% for register in registers %}
        ({{ register.tool | literal }}, {{ register.table | literal }}, {{ register.columns | literal }}::text[], {{ register.said | literal }}){% if not loop.last %},{% endif %}

{% endfor %}
    ) AS known (tool, name, columns, said) ON source.oid IS NOT NULL
    JOIN pg_class AS c ON c.relname = known.name AND c.relkind = 'r'
    WHERE (
      SELECT count(*) FROM pg_attribute AS a
      WHERE a.attrelid = c.oid AND a.attname = ANY (known.columns) AND a.atttypid < 16384 AND a.attgenerated = ''
    ) = cardinality(known.columns)
{% if of_extensions %}
    UNION ALL
    -- whatever extension it is, a number that it keeps is that of the old table afterwards
    SELECT e.extname, c.oid::regclass, format('SELECT $$$$ FROM %%1$s WHERE %I = %%4$L::oid LIMIT 1', a.attname),
      has_table_privilege(c.oid, 'SELECT') AND has_schema_privilege(c.relnamespace, 'USAGE') AND NOT row_security_active(c.oid)
        AND c.relowner IN (SELECT oid FROM trusted) AND NOT EXISTS (SELECT FROM pg_inherits AS i WHERE i.inhparent = c.oid), source.oid
    FROM (SELECT to_regclass({{ source | literal }})::oid AS oid) AS source
    JOIN pg_extension AS e ON source.oid IS NOT NULL
    JOIN pg_depend AS d ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e'
    JOIN pg_class AS c ON c.oid = d.objid AND c.relkind = 'r'
    JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.atttypid = 'regclass'::regtype AND a.attgenerated = '' AND NOT a.attisdropped
{% endif %}
    ORDER BY 1, 2
  LOOP
    said := NULL;
    IF item.readable THEN
      EXECUTE format(item.said, item.register, {{ source.schema | literal }}, {{ source.name | literal }}, item.source) INTO said;
    END IF;
    findings := findings || jsonb_build_object('tool', item.tool, 'register', item.register, 'said', said, 'readable', item.readable);
  END LOOP;
  PERFORM set_config('executor.findings', findings::text, true);
END
$executor$;
