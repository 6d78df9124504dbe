-- What is to be done; it always holds.
SELECT 'missing partitions' AS subject, 'to be made now' AS expected, {{ (facts.missing | map(attribute='name') | join(', ') or 'none') | literal }} AS actual, true AS passed
UNION ALL
SELECT 'rows of the default partition', 'to be moved now', {{ facts.missing | sum(attribute='rows') }}::text, true
UNION ALL
SELECT 'partitions too old', 'to be detached now', {{ (facts.expired | map(attribute='name') | join(', ') or 'none') | literal }}, true
UNION ALL
SELECT 'tables detached long ago', 'to be dropped now', {{ (facts.detached | map(attribute='name') | join(', ') or 'none') | literal }}, true
UNION ALL
SELECT 'indexes that partitions lack', 'to be built now', {{ (facts.lacking | map(attribute='name') | join(', ') or 'none') | literal }}, true
