{## Makes the function that does on this table what the foreign key `key` of another one has done: when a row is gone or has
    another key, rows that refer to it forbid that, or follow. A row that moves to another partition is deleted there and
    inserted here, so it looks first whether one with the key still stands, and keeps that from being deleted at the
    same moment. Rows that refer to it and came since the transaction's snapshot can't be seen in one that has but one.

    Where rows follow, their own triggers are fired with the search_path of whoever wrote, as a foreign key does that; so
    here is none, and every name and operator has its schema. -##}
{% set body %}

#variable_conflict use_column
BEGIN
  IF NOT {% with table = key.relation, function = checks %}{% include 'repartition/incoming_keys/is_bound.sql' %}{% endwith %} THEN
    IF EXISTS (SELECT FROM pg_catalog.pg_trigger AS t WHERE t.tgfoid OPERATOR(pg_catalog.=) pg_catalog.to_regprocedure({{ (checks ~ '()') | literal }})::pg_catalog.oid) THEN
      RAISE EXCEPTION USING
        ERRCODE = 'undefined_table', MESSAGE = {{ (key.relation ~ ', whose rows refer to ' ~ source ~ ', has another name by now, by which triggers do not know it') | literal }},
        HINT = {{ ('Give it its name again, or drop the triggers that call ' ~ checks ~ '() and ' ~ keeps ~ '().') | literal }};
    END IF;
    -- it is gone, and nobody refers
    RETURN CASE WHEN TG_WHEN OPERATOR(pg_catalog.=) 'BEFORE' THEN NEW END;
  END IF;
  {% with other = key.relation %}{% include 'repartition/incoming_keys/of_owner.sql' %}{% endwith %}

  IF pg_catalog.row_security_active({{ key.relation | literal }}::pg_catalog.regclass) OR pg_catalog.row_security_active({{ source | literal }}::pg_catalog.regclass) THEN
    RAISE EXCEPTION USING
      ERRCODE = 'insufficient_privilege', MESSAGE = {{ ('row level security would hide rows from the trigger that does the work of the foreign key ' ~ key.identity) | literal }};
  END IF;
  IF TG_OP OPERATOR(pg_catalog.<>) 'TRUNCATE' THEN
    -- whom nobody refers to may go, if the transaction can see who does
    PERFORM FROM {% include 'repartition/incoming_keys/referring.sql' %} WHERE {% include 'repartition/incoming_keys/refers.sql' %} LIMIT 1;
    IF NOT FOUND AND pg_catalog.starts_with(pg_catalog.current_setting('transaction_isolation'), 'read ') THEN
      RETURN CASE WHEN TG_WHEN OPERATOR(pg_catalog.=) 'BEFORE' THEN NEW END;
    END IF;
  END IF;
  IF TG_WHEN OPERATOR(pg_catalog.=) 'AFTER' THEN
    -- it has moved to another partition, or another row has its key
    PERFORM FROM {{ source | ident }} AS r
    WHERE {% for column in key.referenced_columns %}r.{{ column | ident }} {{ key.own_sql[loop.index0] }} {% with row = 'OLD' %}{% include 'repartition/incoming_keys/of_row.sql' %}{% endwith %}{% if not loop.last %} AND {% endif %}{% endfor %}

    LIMIT 1 FOR KEY SHARE OF r;
    IF FOUND THEN
      RETURN NULL;
    END IF;
  END IF;
  IF NOT pg_catalog.starts_with(pg_catalog.current_setting('transaction_isolation'), 'read ') THEN
    RAISE EXCEPTION USING
      ERRCODE = 'feature_not_supported',
      MESSAGE = {{ ('rows of "' ~ source.name ~ '" can be deleted, or get another key, in a READ COMMITTED transaction only: in another one the trigger that does the work of the foreign key "'
        ~ key.name ~ '" does not see who refers to them by now') | literal }};
  END IF;
  IF TG_OP OPERATOR(pg_catalog.=) 'TRUNCATE' THEN
    IF EXISTS (SELECT FROM {% include 'repartition/incoming_keys/referring.sql' %} WHERE {% for column in key.columns %}r.{{ column | ident }} IS NOT NULL{% if not loop.last %} AND {% endif %}{% endfor %}) THEN
      RAISE EXCEPTION USING
        ERRCODE = 'feature_not_supported',
        MESSAGE = {{ ('cannot truncate table "' ~ source.name ~ '": rows of "' ~ key.relation_name ~ '" refer to it, as the foreign key "' ~ key.name ~ '" had it') | literal }},
        HINT = {{ ('Truncate table "' ~ key.relation_name ~ '" first.') | literal }};
    END IF;
    RETURN NULL;
  END IF;
{% if key.on_delete %}
  IF TG_OP OPERATOR(pg_catalog.=) 'DELETE' THEN
{% if key.on_delete == 'CASCADE' %}
    DELETE FROM {% include 'repartition/incoming_keys/referring.sql' %} WHERE {% include 'repartition/incoming_keys/refers.sql' %};
    RETURN NULL;
{% else %}
    UPDATE {% include 'repartition/incoming_keys/referring.sql' %} SET {% for column in key.emptied %}{{ column | ident }} = {% if key.on_delete == 'SET NULL' %}NULL{% else %}DEFAULT{% endif %}{% if not loop.last %}, {% endif %}{% endfor %} WHERE {% include 'repartition/incoming_keys/refers.sql' %};
{% if key.on_delete == 'SET NULL' %}
    RETURN NULL;
{% endif %}
{% endif %}
  END IF;
{% endif %}
  PERFORM FROM {% include 'repartition/incoming_keys/referring.sql' %} WHERE {% include 'repartition/incoming_keys/refers.sql' %} LIMIT 1 FOR KEY SHARE OF r;
  IF FOUND THEN
    {% include 'repartition/incoming_keys/refuse.sql' %}
  END IF;
  RETURN CASE WHEN TG_WHEN OPERATOR(pg_catalog.=) 'BEFORE' THEN NEW END;
END
{% endset %}
CREATE FUNCTION {{ keeps | ident }}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
AS {{ body | dollar_quoted }};
