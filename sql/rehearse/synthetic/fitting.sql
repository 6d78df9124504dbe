{## How many of some made rows fulfil `check_sql`. -##}
SELECT count(*) AS number FROM ({% include 'rehearse/synthetic/made.sql' %}) AS made WHERE ({{ check_sql }}) IS NOT FALSE
