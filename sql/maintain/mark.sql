{## By which a table is known that was a partition of the table: {% from 'maintain/mark.sql' import mark with context %}
    Its comment is this, and when it was detached. ##}
{% set mark = 'executor: a partition of ' ~ source ~ ' until ' %}
