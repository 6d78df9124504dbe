-- Refuses to make what watches the partitions where something else has taken a name of it since that was asked, and
-- remembers what is there already.
CREATE OR REPLACE PROCEDURE pg_temp.executor_begin_watching(wanted text[]) LANGUAGE plpgsql AS $procedure$
DECLARE
  found text;
BEGIN
  SELECT string_agg(format('%s %I', kind, name), ', ' ORDER BY place) INTO found
  FROM (
    SELECT *, row_number() OVER () AS place FROM (
{% include 'facts/watched.sql' %}
    ) AS asked
  ) AS now
  WHERE called IS DISTINCT FROM wanted[place];
  IF found IS NOT NULL THEN
    RAISE EXCEPTION USING
      MESSAGE = format('made by something else at this very moment: %s', found),
      HINT = {{ ('The plan watches ' ~ source ~ ' by these names, and gives others where they are taken: run again.') | literal }};
  END IF;
  -- rows were called chunks once, whatever the table is called, and CREATE OR REPLACE VIEW renames no column
  FOR found IN
    SELECT format('ALTER VIEW %s RENAME COLUMN %I TO %I', made.name, a.attname, replace(a.attname, 'chunk', 'row'))
    FROM (
{% include 'health/watching.sql' %}
    ) AS made
    JOIN pg_attribute AS a ON a.attrelid = made.oid AND a.attname LIKE '%chunk%'
    WHERE made.kind = 'VIEW'
  LOOP
    EXECUTE found;
  END LOOP;
  PERFORM set_config('executor.watching', coalesce(string_agg(oid::text, ','), ''), true) FROM (
{% include 'health/watching.sql' %}
  ) AS made;
END
$procedure$;

-- Gives what was made since to the owner of the table, and to whoever may read that, whatever default privileges say.
-- Where row level security hides rows of the table, the views are not for those, as they count them all.
CREATE OR REPLACE PROCEDURE pg_temp.executor_end_watching() LANGUAGE plpgsql AS $procedure$
DECLARE
  new_owner CONSTANT regrole := (SELECT relowner FROM pg_class WHERE oid = {{ source | literal }}::regclass);
  item record;
BEGIN
  FOR item IN
    SELECT CASE made.kind WHEN 'VIEW' THEN 'TABLE' ELSE made.kind END AS kind, made.name AS called, made.owner,
      (SELECT string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, ', ')
       FROM aclexplode(made.acl) AS a WHERE a.grantee <> made.owner) AS others,
      (SELECT string_agg(DISTINCT CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END, ', ')
       FROM pg_class AS c, aclexplode(c.relacl) AS a
       WHERE c.oid = {{ source | literal }}::regclass AND a.grantee <> c.relowner AND a.privilege_type = 'SELECT'
         AND (made.kind = 'FUNCTION' OR NOT c.relrowsecurity)) AS readers
    FROM (
{% include 'health/watching.sql' %}
    ) AS made
    WHERE made.oid::text <> ALL (string_to_array(current_setting('executor.watching'), ','))
  LOOP
{% with readable = true %}
{% include 'security/hand_over.sql' %}
{% endwith %}
  END LOOP;
END
$procedure$;
