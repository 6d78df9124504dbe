{## Whether the table can have this layout. ##}
{% include 'layout/range/check_column.sql' %}
UNION ALL
SELECT
  'partitions by interval', 'from 1 to 5,000',
  CASE
    WHEN source.oid IS NULL OR span.type IS NULL THEN 'none yet'
    WHEN span.last - span.first >= 5000 THEN format({{ ('%s of ' ~ interval ~ ', from the least to the greatest value of ' ~ key_column ~ '; choose a longer interval, or say range_start and range_end') | literal }},
      to_char(span.last - span.first + 1, 'FM9,999,999,999,999,999,999'))
    WHEN {{ (facts.bounds | length) | literal }} = 0 THEN 'none'
    ELSE {{ ((facts.bounds | length) | string) | literal }}
  END,
  source.oid IS NULL OR span.type IS NULL OR coalesce(span.last - span.first < 5000, false) AND {{ (facts.bounds | length > 0) | literal }}
FROM source
LEFT JOIN (
{% include 'layout/range/span.sql' %}
) AS span ON true
{% include 'layout/range/check_ends.sql' %}
