{## Values of some columns, to see whether they can be made. -##}
SELECT count(*) AS number FROM ({% include 'rehearse/synthetic/made.sql' %} OFFSET 0) AS made WHERE made IS NOT NULL
