{## Sends one range of blocks, in PostgreSQL's binary form. -##}
COPY (
  SELECT {% for column in columns %}{{ column | ident }}{% if not loop.last %}, {% endif %}{% endfor %}

  FROM ONLY {{ table | ident }}
  WHERE ctid >= '({{ first }},0)'::tid AND ctid < '({{ end }},0)'::tid
) TO STDOUT (FORMAT binary)
