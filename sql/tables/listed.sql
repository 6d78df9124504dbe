{## The names of a group, as a sentence lists them: the first five, and how many more; null if there is none. They stand in
    a column `listed.name`, null where a row has none. An aggregate. -##}
array_to_string((array_agg(DISTINCT listed.name ORDER BY listed.name) FILTER (WHERE listed.name IS NOT NULL))[:5], ', ')
    || CASE WHEN count(DISTINCT listed.name) > 5 THEN format(' and %s more', count(DISTINCT listed.name) - 5) ELSE '' END