{## The key, of the row `alias` if there is one, as facts.bounds has its value: an expression of text. By the output of its type, as a cast
    of an enum to text may be its owner's. -##}
{% set boolean = facts.columns | selectattr('name', 'equalto', key_column) | selectattr('bare_type_sql', 'equalto', 'boolean') | list %}
{% if boolean %}CASE {% endif %}concat({% if alias %}{{ alias | ident }}.{% endif %}{{ key_column | ident }}){% if boolean %} WHEN 't' THEN 'true' ELSE 'false' END{% endif %}