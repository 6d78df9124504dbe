{## Says of a partition when it was detached: by that it is known later. -##}
{% from 'maintain/mark.sql' import mark with context %}
COMMENT ON TABLE {{ item.schema | ident }}.{{ item.name | ident }} IS {{ (mark ~ facts.table[0].clock) | literal }};
