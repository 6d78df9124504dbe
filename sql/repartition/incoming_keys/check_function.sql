{## Makes the function that looks whether the row is there to which a row of another table refers, as the foreign key `key` has
    done. It keeps that row from being deleted until the end of the transaction, waits for who is deleting it, and then
    finds it no more. Where the check is deferred the row that refers may be gone or changed by then. -##}
{% set body %}

#variable_conflict use_column
BEGIN
  IF NOT {% with table = source, function = keeps %}{% include 'repartition/incoming_keys/is_bound.sql' %}{% endwith %} THEN
    RAISE EXCEPTION USING
      ERRCODE = 'undefined_table', MESSAGE = {{ (source ~ ', to which rows of ' ~ key.relation ~ ' refer, is gone, or has another name by now, by which triggers do not know it') | literal }},
      HINT = {{ ('Give it its name again, or drop the triggers that call ' ~ checks ~ '() and ' ~ keeps ~ '().') | literal }};
  END IF;
  {% with other = source %}{% include 'repartition/incoming_keys/of_owner.sql' %}{% endwith %}

  PERFORM FROM {{ source | ident }} AS r
  WHERE {% for column in key.referenced_columns %}r.{{ column | ident }} {{ key.equals_sql[loop.index0] }} {% with row = 'NEW', column = key.columns[loop.index0] %}{% include 'repartition/incoming_keys/of_row.sql' %}{% endwith %}{% if not loop.last %} AND {% endif %}{% endfor %}
{% for column in key.referenced_columns if column == key_column %}
{% with referring = key.columns[key.referenced_columns.index(column)] %}
{% include 'layout/' ~ layout ~ '/lookup_besides.sql' ignore missing %}
{% endwith %}
{% endfor %}

  FOR KEY SHARE OF r;
  IF NOT FOUND AND EXISTS (
    SELECT FROM {% include 'repartition/incoming_keys/referring.sql' %}

    WHERE {% for column in key.columns %}r.{{ column | ident }} {{ key.alike_sql[loop.index0] }} {% with row = 'NEW' %}{% include 'repartition/incoming_keys/of_row.sql' %}{% endwith %}{% if not loop.last %} AND {% endif %}{% endfor %})
  THEN
    RAISE EXCEPTION USING
      ERRCODE = 'foreign_key_violation',
      MESSAGE = format('insert or update on table "%s" violates foreign key constraint "%s"', {{ key.relation_name | literal }}, {{ key.name | literal }}),
      DETAIL = format('Key (%s)=(%s) is not present in table "%s".', {{ key.columns | join(', ') | literal }},
        concat_ws(', ', {% for column in key.columns %}{% with row = 'NEW' %}{% include 'repartition/incoming_keys/of_row.sql' %}{% endwith %}{% if not loop.last %}, {% endif %}{% endfor %}), {{ source.name | literal }}),
      SCHEMA = {{ key.relation_schema | literal }}, TABLE = {{ key.relation_name | literal }}, CONSTRAINT = {{ key.name | literal }};
  END IF;
  RETURN NULL;
END
{% endset %}
CREATE FUNCTION {{ checks | ident }}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off
AS {{ body | dollar_quoted }};
