{## The text `long.name` as a name of 63 bytes at most: the filter short_name, in SQL. An expression of type name. -##}
CASE WHEN octet_length(long.name) > 63 THEN (left(md5(long.name), 8) || '_' || long.name)::name ELSE long.name::name END
