-- Whether there is nothing of a name, nor its schema, and which tables may have been meant. Reads the catalogs alone.
SELECT
  to_regclass({{ source | literal }}) IS NULL AS missing,
  to_regnamespace(quote_ident({{ source.schema | literal }})) IS NULL AS no_schema,
  (
{% include 'repartition/check/similar_tables.sql' %}
  ) AS did_you_mean
