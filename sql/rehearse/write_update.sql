{## One row is written anew, and where a text is free for it, with another content. -##}
UPDATE {{ table | ident }} AS t SET {{ column | ident }} =
{% if is_text %} CASE WHEN right(t.{{ column | ident }}, 1) = '~' THEN left(t.{{ column | ident }}, -1) || '.'
  WHEN t.{{ column | ident }} <> '' THEN left(t.{{ column | ident }}, -1) || '~' ELSE t.{{ column | ident }} END
{% else %} t.{{ column | ident }}
{% endif %}
WHERE ({% for name in key %}t.{{ name | ident }}{% if not loop.last %}, {% endif %}{% endfor %}) = {{ key_sql }}
