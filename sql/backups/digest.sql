{## Rows and digest of `table`, whatever their order: a SELECT without its semicolon. Sums of 64-bit
    hashes as numeric: they can't overflow, and a doubled row does not cancel out as it does with XOR. -##}
SELECT
  count(*) AS record_count,
  coalesce(sum(hashtextextended(line, 0)), 0) || ':' || coalesce(sum(hashtextextended(line, 1)), 0) AS digest
FROM {{ table | ident }} AS r
CROSS JOIN LATERAL (SELECT ROW(r.*)::text OFFSET 0) AS whole (line)
