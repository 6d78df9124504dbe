{## The bound of the partition `item`, as the catalog prints it. ##}
{{ facts.bounds[item].bound_sql }}