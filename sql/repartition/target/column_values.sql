{## The values of the `columns` of column_names.sql, of the row `r`, for the new table, or `to_old`, where they become what they
    have been. The assignment to the column then minds its length and precision. -##}
{% for column in columns if not column.generated %}
{%- if to_old and column.new_type_sql %}CAST(r.{{ column.name | ident }} AS {{ (facts.columns | selectattr('name', 'equalto', column.name) | first).bare_type_sql }})
{%- elif not to_old and column.value_sql %}{{ column.value_sql }}
{%- else %}r.{{ column.name | ident }}{% endif %}
{%- if not loop.last %}, {% endif %}{% else %}r.{{ key_column | ident }}{% endfor -%}
