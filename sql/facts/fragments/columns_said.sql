{## Whether the plan says of columns what can be understood: {% from 'facts/fragments/columns_said.sql' import wrong with context %}
    a list of sentences, empty where all is well. ##}
{% set found = namespace(wrong=[], names=[]) %}
{% for column in columns | default([]) %}
{% if column is not mapping %}
{% set found.wrong = found.wrong + [(column | string) ~ ' is no column; write {name: ..., type: ...} in a plan that extends this one, as no --var can say it'] %}
{% elif column.get('name') is not string %}
{% set found.wrong = found.wrong + ['one has no name, or one that is no text'] %}
{% else %}
{% set name = column.name %}
{% for key, value in column.items() %}
{% if key not in ['name', 'type', 'expression', 'default', 'storage', 'compression', 'drop', 'nullable'] %}
{% set found.wrong = found.wrong + [name ~ ': a column has no ' ~ key] %}
{% elif key in ['drop', 'nullable'] %}
{% if value is not true %}{% set found.wrong = found.wrong + [name ~ ': ' ~ key ~ ' is true, or left out'] %}{% endif %}
{% elif value is not string %}
{% set found.wrong = found.wrong + [name ~ ': ' ~ key ~ ' is text; put it in quotes'] %}
{% endif %}
{% endfor %}
{% if name in found.names %}
{% set found.wrong = found.wrong + [name ~ ' is there twice'] %}
{% endif %}
{% set found.names = found.names + [name] %}
{% if column.get('drop') %}
{% if column.keys() | reject('in', ['name', 'drop', 'default']) | list %}
{% set found.wrong = found.wrong + [name ~ ': one that is dropped has nothing else but a default'] %}
{% endif %}
{% elif column.get('expression') %}
{% if not column.get('type') %}{% set found.wrong = found.wrong + [name ~ ': a new column needs a type, too'] %}{% endif %}
{% elif column.get('default') or column.get('nullable') %}
{% set found.wrong = found.wrong + [name ~ ': default and nullable are for a new column, which has an expression'] %}
{% elif not (column.get('type') or column.get('storage') or column.get('compression')) %}
{% set found.wrong = found.wrong + [name ~ ': nothing is said of it'] %}
{% endif %}
{% if column.get('storage') and column.get('storage') not in ['plain', 'main', 'external', 'extended'] %}
{% set found.wrong = found.wrong + [name ~ ': storage is plain, main, external or extended'] %}
{% endif %}
{% if column.get('compression') and column.get('compression') not in ['pglz', 'lz4'] %}
{% set found.wrong = found.wrong + [name ~ ': compression is pglz or lz4'] %}
{% endif %}
{% endif %}
{% endfor %}
{% for name in column_order | default([]) %}
{% if name is not string %}
{% set found.wrong = found.wrong + ['column_order: ' ~ name ~ ' is no name'] %}
{% elif column_order | default([]) | select('equalto', name) | list | length > 1 %}
{% set found.wrong = found.wrong + ['column_order: ' ~ name ~ ' is there twice'] %}
{% endif %}
{% endfor %}
{% set wrong = found.wrong %}
