{## All rows of a table in two numbers, whatever their order. -##}
SELECT count(*) || '/' || coalesce(sum(hashtextextended(ROW({% for column in columns %}t.{{ column | ident }}{% if not loop.last %}, {% endif %}{% endfor %})::text, 0)), 0) AS digest /* executor_rehearsal */
FROM {{ table | ident }} AS t
