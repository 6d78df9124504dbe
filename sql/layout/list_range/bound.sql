{## The bound of the partition `item` in its branch, as the catalog prints it. ##}
{{ facts.bounds[item].bound_sql }}