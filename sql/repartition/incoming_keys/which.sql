{## The foreign keys into the table that a rollback puts back, as `keys`: those that it has by now (`said`), as they are, and those
    that were given up. One that came along and that somebody has dropped since does not come back. ##}
{% set here = said.incoming_keys | map(attribute='identity') | list %}
{% set keys = said.incoming_keys + facts.incoming_keys | rejectattr('kept') | rejectattr('identity', 'in', here) | list %}
