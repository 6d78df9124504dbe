{## Sends some rows of a table, or all: by blocks where it is large, so that few of them are read. -##}
COPY (
  SELECT {% for column in columns %}t.{{ column | ident }}{% if not loop.last %}, {% endif %}{% endfor %}

  FROM {{ table | ident }} AS t
  {% if percent < 100 %} TABLESAMPLE {% if by_block %} SYSTEM {% else %} BERNOULLI {% endif %} ({{ percent | literal }}) {% endif %}

) TO STDOUT
