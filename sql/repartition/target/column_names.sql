{## The `columns` that are given a value, all but the generated ones: a list. With `prefix` those of the row `r`. -##}
{% for column in columns if not column.generated %}{% if prefix %}r.{% endif %}{{ column.name | ident }}{% if not loop.last %}, {% endif %}{% else %}{{ key_column | ident }}{% endfor %}
