{## By which a table is known that was a partition of the table: {% from 'maintain/mark.sql' import mark with context %}
    Its comment is this, and when it was detached, and marked_oids.sql: two tables can have had one name, and a comment can
    have been copied with a table. Who drops it compares them all. ##}
{% set mark = 'executor: a partition of ' ~ source ~ ' until ' %}
