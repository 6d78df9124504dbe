{## Says of a partition since when it is none, or (`begins` is `leaving`) that we are about to detach it, and which table it is: by that it is
    known later. The latter is said of none that somebody else has detached, or has begun to; a lock keeps others from that. -##}
{% from 'maintain/mark.sql' import leaving with context %}
DO {% set body %}

{% if begins == leaving %}
DECLARE
  executor_is_his boolean;
{% endif %}
BEGIN
{% if begins == leaving %}
  LOCK TABLE ONLY {{ source | ident }} IN SHARE UPDATE EXCLUSIVE MODE;
  SELECT i.inhdetachpending AND NOT {% include 'maintain/is_ours.sql' %} INTO executor_is_his
  FROM pg_inherits AS i CROSS JOIN LATERAL (SELECT i.inhrelid) AS marked (oid)
  WHERE i.inhparent = to_regclass({{ source | literal }}) AND i.inhrelid = to_regclass(format('%I.%I', {{ item.schema | literal }}, {{ item.name | literal }}));
  IF coalesce(executor_is_his, true) THEN
    RAISE EXCEPTION USING MESSAGE = {{ ('somebody else has detached the partition ' ~ item.name ~ ', or is detaching it') | literal }},
      HINT = 'It is left to him, and its comment as it is. Run it again for the others.';
  END IF;
{% endif %}
  EXECUTE (
    SELECT format('COMMENT ON {% if item.is_foreign %}FOREIGN {% endif %}TABLE %s IS %L', marked.oid::regclass, {{ (begins ~ source ~ (' at ' if begins == leaving else ' until ') ~ facts.table[0].clock) | literal }} || {% include 'maintain/marked_oids.sql' %})
    FROM (SELECT format('%I.%I', {{ item.schema | literal }}, {{ item.name | literal }})::regclass::oid) AS marked (oid));
END
{% endset %}{{ body | dollar_quoted }};
