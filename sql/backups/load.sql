-- Copies the rows of a backup into a new table; generated columns are computed anew.
INSERT INTO {{ target | ident }} (
{%- for column in definition.relations[0].columns if column.generated is not defined %}{% if not loop.first %}, {% endif %}{{ column.name | ident }}{% endfor %}) OVERRIDING SYSTEM VALUE
SELECT {% for column in definition.relations[0].columns if column.generated is not defined %}{% if not loop.first %}, {% endif %}{{ column.name | ident }}{% endfor %}

FROM {{ backup | ident }};
