{## The foreign keys into the table that a rollback puts back, as `keys`: those that were given up, and those that have
    come since (`said`). ##}
{% set keys = facts.incoming_keys + said.incoming_keys | rejectattr('identity', 'in', facts.incoming_keys | map(attribute='identity') | list) | list %}
