{## What an earlier run's layout has given the table besides: columns of facts/earlier.sql, where `own` is a row of own_key.sql, or null. ##}
  own.name IS NOT NULL AS owns_key,
  CASE WHEN own.name IS NOT NULL THEN ARRAY['partition_key'] ELSE '{}' END AS own_columns,
  CASE WHEN own.name IS NOT NULL THEN format('abs(hashtext(%I::text) %% %s)', own.name, own.number) END AS value_sql,
  own.filler