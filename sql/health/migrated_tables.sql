-- The tables that runs in the journal were about and have not been rolled back.
SELECT DISTINCT subject.name
FROM executor.runs AS r
CROSS JOIN LATERAL (SELECT
  {% include 'journal/subject.sql' %}
) AS subject (name)
WHERE r.status = 'succeeded' AND subject.name IS NOT NULL
ORDER BY 1;
