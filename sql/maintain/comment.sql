{## Says of a partition when it was detached, and which table it is: by that it is known later. -##}
{% from 'maintain/mark.sql' import mark with context %}
DO {% set body %}

BEGIN
  EXECUTE (
    SELECT format('COMMENT ON {% if item.is_foreign %}FOREIGN {% endif %}TABLE %s IS %L', marked.oid::regclass, {{ (mark ~ facts.table[0].clock) | literal }} || {% include 'maintain/marked_oids.sql' %})
    FROM (SELECT format('%I.%I', {{ item.schema | literal }}, {{ item.name | literal }})::regclass::oid) AS marked (oid));
END
{% endset %}{{ body | dollar_quoted }};
